"""The state is protected: django-fsm-2's known fault, shown on a plain model, does not reach ours."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import models
from django.test.utils import isolate_apps
from django_fsm import ConcurrentTransition, FSMField, FSMModelMixin

from approvals.models import ApprovalItem
from core.models import Job
from core.workflow import Move, Workflow
from tests.support import lives
from tests.support.cast import make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Any:
    return make_cast()


@isolate_apps("core")
def test_plain_django_fsm_loses_its_protection_when_a_row_is_gone() -> None:
    class Plain(FSMModelMixin, models.Model):
        state = FSMField(default="new", protected=True)

        class Meta:
            app_label = "core"
            db_table = Job._meta.db_table  # any table with a column of that name will do

    Job.objects.create(kind="x")
    row = Plain.objects.get()
    with pytest.raises(AttributeError):
        row.state = "done"
    Job.objects.all().delete()
    with pytest.raises(Plain.DoesNotExist):
        row.refresh_from_db()
    Plain().state = "done"  # the fault: nothing protects the class any more, in the whole process


def test_ours_keeps_it(cast: Any) -> None:
    item = lives.a_draft(cast)
    ghost = ApprovalItem.objects.get(pk=item.pk)
    ghost.pk = 10**9
    with pytest.raises(ApprovalItem.DoesNotExist):
        ghost.refresh_from_db()
    assert ghost.state == "DRAFT"
    for row, name in ((ghost, "state"), (item, "state"), (ApprovalItem(), "state"), (item.project, "stage")):
        with pytest.raises(AttributeError):
            setattr(row, name, "ISSUED")
    item.refresh_from_db()
    assert item.state == "DRAFT"


def test_a_save_that_comes_too_late_is_refused(cast: Any) -> None:
    item = lives.fill_in(cast, lives.a_draft(cast))
    mine, theirs = lives.fresh(item), lives.fresh(item)
    theirs.request_pre_review()
    theirs.save()
    mine.request_pre_review()
    with pytest.raises(ConcurrentTransition):
        mine.save()


def test_cleaning_still_sees_the_state_in_constraints(cast: Any) -> None:
    project = lives.a_project(cast)
    project.resume_stage = "PROPOSAL"
    with pytest.raises(ValidationError):
        project.full_clean()
    with pytest.raises(ValidationError) as caught:
        project.__dict__.update(stage="NOWHERE", resume_stage="")
        project.full_clean()
    assert "stage" in caught.value.message_dict


def test_two_moves_may_not_share_a_name() -> None:
    move = Move("1", "go", "Go", ("a",), "b")
    with pytest.raises(ValueError, match="share a name"):
        Workflow("state", "x", move, move)
