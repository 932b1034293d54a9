"""Opening an item: which kinds, by whom, early or anew."""

import pytest
from django.urls import reverse

from approvals.models import ApprovalItem
from approvals.services import moves
from tests.support import lives
from tests.support.declaring import at, slot_of
from tests.support.lives import a_project, a_project_in_proposal

pytestmark = pytest.mark.django_db


def test_every_kind_is_listed_with_the_reason_it_is_off(cast, see):
    project = a_project_in_proposal(cast)
    url = reverse("web:item_new", args=[project.pk])
    choices = see(cast.lin, url).context["choices"]
    assert [c.kind.code for c in choices if not c.problems] == ["PR"]
    assert len(choices) == 14
    assert see(cast.lin, url, {"type": "EST"}).status_code == 422
    assert see(cast.lin, url, {}).status_code == 422
    answer = see(cast.lin, url, {"type": "PR"})
    assert answer.url == at("item_edit", ApprovalItem.objects.get())
    assert see(cast.lin, url, {"type": "PR"}).status_code == 422
    assert ApprovalItem.objects.count() == 1


def test_early_involvement_is_opened_before_its_stage_and_beside_the_open_item(cast, see, item):
    url = reverse("web:item_new", args=[item.project_id])
    assert "FS" in [kind.code for kind in see(cast.lin, url).context["early_kinds"]]
    answer = see(cast.lin, url, {"type": "FS", "early": "1"})
    early = ApprovalItem.objects.exclude(pk=item.pk).get()
    assert answer.url == at("item_edit", early)
    assert (early.is_early_involvement, early.resubmission_of) == (True, None)


def test_nothing_is_opened_early_for_an_ended_project(cast, see):
    project = a_project(cast)
    type(project).objects.filter(pk=project.pk).update(stage="TERMINATED")
    url = reverse("web:item_new", args=[project.pk])
    assert see(cast.lin, url).context["early_kinds"] == []
    assert see(cast.lin, url, {"type": "FS", "early": "1"}).status_code == 422


def test_a_withdrawn_item_is_declared_anew_and_the_new_one_names_it(cast, see, item):
    moves.perform(item.pk, "withdraw", actor=cast.lei, data={"reason": "撤回"})
    see(cast.lin, reverse("web:item_new", args=[item.project_id]), {"type": "PR"})
    assert ApprovalItem.objects.order_by("-pk").first().resubmission_of == item


def test_only_the_own_clerk_opens_and_fills_in(cast, see, item):
    new = reverse("web:item_new", args=[item.project_id])
    assert see(cast.sun, new).status_code == 404
    assert see(cast.lei, new).status_code == 403
    posts = {
        at("item_edit", item): {"summary": "x"},
        at("costs_save", item): {},
        at("costs_seed", item): {},
        at("costs_import", item): {},
        at("material_upload", item, slot_of(item, "A02").pk): {},
        at("material_reason", item, slot_of(item, "A03").pk): {"reason": "x"},
        at("declaration_move", item, "submit"): {},
    }
    for url, data in posts.items():
        assert see(cast.sun, url, data).status_code == 404, url
        assert see(cast.wu, url, data).status_code == 404, url
    lives.submitted(cast, item)
    assert see(cast.wu, at("item_edit", item)).status_code == 403
    assert see(cast.sun, at("item_edit", item)).status_code == 404
