"""Titles: each real-estate asset is brought to the registry by the house that holds it."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.policies import insist
from assets.handover_policies import may_attach_to_title
from assets.machines import TITLES
from assets.models import TitleRecord
from assets.services import standing
from assets.states import TitlePaper, TitleState
from core import locks, trace
from core.errors import Problem
from core.models import StoredFile
from core.workflow import Situation
from execution.services.evidence import Upload, kept
from execution.services.machine import Step
from execution.services.tenders import not_before, not_in_the_future
from projects.models import Project


@transaction.atomic
def attach(pk: int, upload: Upload | None, *, actor: Actor) -> StoredFile:
    """The scanned certificate; a newer scan takes the place of the one before until the registration is recorded."""
    title = TITLES.lock(pk, actor)
    insist(may_attach_to_title, actor, title)
    problems = []
    if title.state in (TitleState.REGISTERED, TitleState.NOT_REQUIRED):
        problems.append(Problem("title.ended", _("The registration has been recorded already.")))
    file = kept(upload, actor, problems)
    assert file is not None
    title.document = file
    title.version += 1
    title.save()
    trace.record(
        "assets.title.document_added", actor=actor, target=title, project_id=title.asset.project_id,
        facts={"asset": str(title.asset), "file": file.name, "sha256": file.sha256},
    )  # fmt: skip
    return file


@TITLES.check("file")
def filing_problems(title: TitleRecord, said: dict[str, Any], now: Situation) -> Iterable[Problem]:
    """K01: the registry accepts nothing that is not complete."""
    yield from not_in_the_future(said, ("filed_on",), now.on)
    if "papers" in said:
        lacking = [str(TitlePaper(code).label) for code in TitlePaper.values if code not in said["papers"]]
        if lacking:
            yield Problem("title.papers", _("Still missing: %(papers)s.") % {"papers": "、".join(lacking)}, "papers")


@TITLES.check("register")
def registration_problems(title: TitleRecord, said: dict[str, Any], now: Situation) -> Iterable[Problem]:
    yield from not_in_the_future(said, ("registered_on",), now.on)
    yield from not_before(said, "registered_on", title.filed_on, _("The application was filed on %(day)s."))
    number = said.get("certificate_no", "")
    if len(number) > 80:
        yield Problem("title.certificate_long", _("A certificate number has at most 80 characters."), "certificate_no")
    elif number and TitleRecord.objects.filter(certificate_no=number).exclude(pk=title.pk).exists():
        words = _("Another asset has this certificate number.")
        yield Problem("title.certificate_twice", words, "certificate_no")


@TITLES.before("file")
def keep_the_filing(step: Step) -> None:
    title = step.row
    title.filed_on, title.papers, title.blocked_reason = step.data["filed_on"], step.data["papers"], ""
    step.facts["asset"] = str(title.asset)


@TITLES.before("register")
def keep_the_certificate(step: Step) -> None:
    title = step.row
    title.certificate_no, title.registered_on = step.data["certificate_no"], step.data["registered_on"]
    step.facts |= {"asset": str(title.asset), "sha256": title.document.sha256}


@TITLES.before("block")
def keep_the_obstacle(step: Step) -> None:
    step.row.blocked_reason = step.data["reason"][:300]
    step.facts["asset"] = str(step.row.asset)


@TITLES.after("register")
@TITLES.after("exempt")
def tell_the_project(step: Step) -> None:
    standing.tell(locks.locked(Project.objects.all(), step.row.asset.project_id))
