"""When a move may happen: each guard takes values off the item, asks a rule, and yields the problems.

Guards look at the item and at what lies to its left; who asks is the business of policies.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from approvals import material_models
from approvals.finding_wording import as_problem
from approvals.material_facts import missing_materials
from approvals.rules import deadlines, investment
from approvals.states import AdjustmentReason, Step
from core.errors import Problem
from core.workflow import Situation
from projects.lifecycle import lost_approvals, lost_problems
from projects.states import Gate, Stage

Problems = Iterator[Problem]


def materials_are_complete(item: Any, situation: Situation) -> Problems:
    for slot in missing_materials(item):
        if slot.requirement and slot.requirement.model_stage:
            yield from material_models.problems(slot, situation)
            continue
        if slot.necessity == "C":
            message = _("%(name)s: upload it, or say why it does not apply.")
        else:
            message = _("%(name)s is missing.")
        yield Problem("materials.missing", message % {"name": slot.label}, f"material.{slot.code}")


def has_a_file(item: Any, situation: Situation) -> Problems:
    if not any(slot.current for slot in item.slots.all()):
        yield Problem("materials.none", _("Upload at least one file first."))


def has_a_pre_review_comment(item: Any, situation: Situation) -> Problems:
    if not any(c.verdict == "DEFECT" for slot in item.slots.all() for c in slot.comments.all()):
        yield Problem("pre_review.no_comment", _("Say at a material what is wrong with it first."))


def mandatory_materials_are_marked_ok(item: Any, situation: Situation) -> Problems:
    for slot in item.slots.all():
        current = slot.current
        if slot.necessity == "M" and current and slot.pre_review_ok_version != current.number:
            yield Problem("pre_review.unmarked", _("%(name)s is not marked as in order.") % {"name": slot.label})


def amounts_are_declared(item: Any, situation: Situation) -> Problems:
    if not item.type.money:
        return
    if not item.declared_amount or item.declared_amount <= 0:
        yield Problem("amount.missing", _("The declared amount is missing."), "declared_amount")
        return
    lines = [line for line in item.cost_lines.all() if line.is_leaf]
    if not lines and Step.FIRST in item.type.steps:
        yield Problem("cost.none", _("There is no cost line to review."), "declared_amount")
    if not lines:
        return
    total = sum((line.declared or Decimal(0) for line in lines), Decimal(0))
    if total != item.declared_amount:
        message = _("The cost lines add up to %(total)s yuan, the declared amount is %(declared)s yuan.")
        yield Problem(
            "amount.not_the_sum", message % {"total": total, "declared": item.declared_amount}, "declared_amount"
        )


def adjustment_is_reasoned(item: Any, situation: Situation) -> Problems:
    """R-INV-05: a listed reason, the plan and the source of funds. The form holds `increase_reasons` and `funds`."""
    rule = situation.rules.row("R-INV-05")
    if item.item_type != "ADJ" or rule is None:
        return
    plan = item.slots.filter(code="E01", versions__isnull=False).exists()
    reasons = list(item.form.get("increase_reasons") or ())
    if unknown := [reason for reason in reasons if reason not in AdjustmentReason.values]:
        yield Problem(
            "investment.unknown_reason",
            _("Unknown reason: %(codes)s.") % {"codes": "、".join(map(str, unknown))},
            "form",
        )
        return
    finding = investment.adjustment_incomplete(
        rule, reasons, has_plan=plan, has_source_of_funds=bool(str(item.form.get("funds", "")).strip())
    )
    if finding is not None and finding.blocks:
        yield as_problem(finding, "form")


def project_has_a_code(item: Any, situation: Situation) -> Problems:
    """R-CODE-01; the reserve comes before the code."""
    if not item.project.code and item.project.stage != Stage.RESERVE:
        yield Problem("code.missing", _("The project has no project code yet."))


def earlier_approvals_stand(item: Any, situation: Situation) -> Problems:
    """What the item rests on was not revoked and has not expired meanwhile (R-LC-01)."""
    if item.type.gate is not None:
        yield from lost_problems(item.project, item.type.stages[0])


def is_to_be_given_anew(project: Any, gate: str | None) -> bool:
    """Whether the approval behind this gate was lost after its stage was passed: it may be declared again then."""
    return any(row.gate == gate for row in lost_approvals(project, project.stage))


def stage_still_matches(item: Any, situation: Situation) -> Problems:
    if is_to_be_given_anew(item.project, item.type.gate):
        return
    if not item.type.may_be_declared_in(item.project.stage) and not item.is_early_involvement:
        message = _("The project is in the stage “%(stage)s”, in which this item cannot be submitted.")
        yield Problem("stage.mismatch", message % {"stage": item.project.get_stage_display()})


def within_the_acceptance_limit(item: Any, situation: Situation) -> Problems:
    if item.acceptance_due_on and situation.on > item.acceptance_due_on:
        yield Problem("acceptance.late", _("The time for telling defects is over (R-TL-03)."))


def acceptance_limit_has_passed(item: Any, situation: Situation) -> Problems:
    if not situation.rules.value("accept.deemed"):
        yield Problem("acceptance.not_deemed", _("Silence does not count as acceptance here."))
    elif not item.acceptance_due_on or situation.on <= item.acceptance_due_on:
        yield Problem("acceptance.running", _("The time for acceptance is still running."))


def nothing_is_deferred(item: Any, situation: Situation) -> Problems:
    """A09 is one person's; what is put off needs the chief as well (A10)."""
    for slot in still_deferred(item):
        message = _("%(name)s is put off: the chief has to agree.")
        yield Problem("materials.deferred", message % {"name": slot.label}, f"material.{slot.code}")


def still_deferred(item: Any) -> list[Any]:
    return [slot for slot in item.slots.all() if slot.deferred_until and slot.current is None]


def deferrable(item: Any) -> list[Any]:
    """The non-key materials without a file: the unit said why they do not apply, the window may see it otherwise."""
    return [
        slot
        for slot in item.slots.all()
        if slot.current is None and slot.requirement and slot.requirement.needs_file and not slot.requirement.key
    ]


def a_minor_file_may_be_deferred(item: Any, situation: Situation) -> Problems:
    if not deferrable(item):
        yield Problem("deficiency.none", _("No minor material is missing."))


def only_minor_files_are_missing(item: Any, situation: Situation) -> Problems:
    missing = still_deferred(item)
    if not missing:
        yield Problem("deficiency.none", _("Nothing is missing: accept the item."))
    for slot in missing:
        if slot.requirement is None or slot.requirement.key:
            yield Problem("deficiency.key", _("%(name)s is a key material.") % {"name": slot.label})


def deficiency_was_proposed(item: Any, situation: Situation) -> Problems:
    if not item.tasks.filter(kind="SIGN_DEFICIENCY", left_at__isnull=True).exists():
        yield Problem("deficiency.not_proposed", _("The window has not proposed this."))


def is_not_yet_presented(item: Any, situation: Situation) -> Problems:
    lying = item.tasks.filter(kind="SIGN_DECLARATION", left_at__isnull=True).first()
    if lying:
        message = _("Presented on %(day)s: it lies with the lead of the unit for signature.") % {
            "day": lying.entered_on
        }
        yield Problem("presented", message)


def defects_are_answered(item: Any, situation: Situation) -> Problems:
    correction = item.corrections.filter(closed_on__isnull=True).last()
    for defect in correction.defects.all() if correction else ():
        if not defect.answered_at:
            yield Problem("defect.unanswered", _("Not answered yet: %(defect)s") % {"defect": defect.text})


def correction_limit_has_passed(item: Any, situation: Situation) -> Problems:
    correction = item.corrections.filter(closed_on__isnull=True).last()
    if correction is None or situation.on <= _with_grace(correction.due_on, "limit.correction_grace", situation):
        yield Problem("correction.running", _("The time for correction is still running."))


def _with_grace(day: date, rule: str, situation: Situation) -> date:
    """So many working days after a deadline of the unit; only then time itself acts (A12, A19)."""
    return deadlines.due(day, situation.rules.days(rule), (), situation.works).on


def type_has_first_step(item: Any, situation: Situation) -> Problems:
    if Step.FIRST not in item.type.steps:
        yield Problem("step.off", _("This kind of item has no step to send it back to."))


def type_has_centre_step(item: Any, situation: Situation) -> Problems:
    if Step.CENTER not in item.type.steps:
        yield Problem("step.off", _("This kind of item is not reviewed by the centre."))


def type_has_expert_step(item: Any, situation: Situation) -> Problems:
    if Step.EXPERT not in item.type.steps:
        yield Problem("step.off", _("This kind of item has no expert review."))


def no_opinion_yet(item: Any, situation: Situation) -> Problems:
    if item.opinion_delivered_on and not item.recompile_recommended:
        yield Problem("centre.already", _("The centre has already delivered its opinion."))


def supplement_limit_has_passed(item: Any, situation: Situation) -> Problems:
    pause = item.pauses.filter(began_on__isnull=False, ended_on__isnull=True).last()
    limit = _with_grace(pause.expected_end_on, "limit.supplement_grace", situation) if pause else None
    if limit is None or situation.on <= limit:
        yield Problem("supplement.running", _("The time for the supplement is still running."))


def project_is_not_suspended(item: Any, situation: Situation) -> Problems:
    if item.project.is_suspended:
        yield Problem("project.suspended", _("The project is suspended."))


def expert_opinions_are_filed(item: Any, situation: Situation) -> Problems:
    """A16: everybody invited has filed or stepped aside, and in this review at least one has filed."""
    waiting = [row for row in item.experts.all() if not row.filed_at and not row.recused_at]
    for invitation in waiting:
        yield Problem("expert.unfiled", _("%(name)s has not filed an opinion.") % {"name": invitation.expert})
    closed = [row.signed_at for row in item.opinions.all() if row.kind == "EXPERT_GROUP"]
    filed = [row for row in item.experts.all() if row.filed_at and (not closed or row.filed_at > max(closed))]
    if not waiting and not filed:
        yield Problem("expert.none", _("No expert has given an opinion: invite others."))


def cost_lines_are_reviewed(item: Any, situation: Situation) -> Problems:
    if not item.type.money:
        return
    lines = [line for line in item.cost_lines.all() if line.is_leaf]
    if not lines:
        yield Problem("cost.none", _("There is no cost line to review."))
    for line in lines:
        if line.reviewed is None:
            if line.declared:  # a line declared at nothing and left blank is reviewed at nothing
                yield Problem("cost.unreviewed", _("%(name)s has no reviewed amount.") % {"name": line.name})
        elif line.reviewed != (line.declared or 0) and not line.reason:
            message = _("%(name)s: say why the amount was changed.")
            yield Problem("cost.no_reason", message % {"name": line.name}, f"line.{line.code}")
    yield from _wide_discretion(item, lines, situation)


def _wide_discretion(item: Any, lines: list[Any], situation: Situation) -> Problems:
    """Reductions beyond the threshold, and every adjustment, need a reason class from the list (§8.6 no. 2)."""
    declared = sum((line.declared or Decimal(0) for line in lines), Decimal(0))
    reviewed = sum((line.reviewed or Decimal(0) for line in lines), Decimal(0))
    threshold = situation.rules.value("discretion.reason_above")
    wide = declared > 0 and (declared - reviewed) / declared > threshold
    if not wide and item.item_type != "ADJ":
        return
    for line in lines:
        if line.reviewed is not None and line.reviewed != (line.declared or 0) and not line.reason_class:
            message = _("%(name)s: choose the class of the reason from the list.")
            yield Problem("cost.no_reason_class", message % {"name": line.name}, f"line.{line.code}")


def opinion_is_signed_twice(item: Any, situation: Situation) -> Problems:
    signed = {}
    for row in item.opinions.all():
        if row.kind == "CENTER" and row.voided_at is None:
            signed[row.acting_for_id or row.author_id] = row.author_id
    for person in (item.center_first, item.center_second):
        if person is None:
            yield Problem("centre.unassigned", _("Two centre reviewers have to be assigned."))
            return
        if person.pk not in signed:
            yield Problem("centre.unsigned", _("%(name)s has not signed the opinion.") % {"name": person})


def countersigns_are_answered(item: Any, situation: Situation) -> Problems:
    for row in item.countersigns.all():
        if row.answered_at is None and row.voided_at is None:
            yield Problem("countersign.open", _("%(name)s has not countersigned yet.") % {"name": row.asked_of})


def a_countersign_is_open(item: Any, situation: Situation) -> Problems:
    if not any(row.answered_at is None and row.voided_at is None for row in item.countersigns.all()):
        yield Problem("countersign.none", _("No countersignature has been asked for."))


def publicity_is_over(item: Any, situation: Situation) -> Problems:
    if item.publicity_ends_on is None or situation.on <= item.publicity_ends_on:
        yield Problem("publicity.running", _("The publicity is still running."))


def objections_are_answered(item: Any, situation: Situation) -> Problems:
    waiting = item.objections.filter(answered_at__isnull=True).count()
    if waiting:
        message = ngettext(
            "%(n)s objection has not been answered yet.", "%(n)s objections have not been answered yet.", waiting
        )
        yield Problem("publicity.unanswered", message % {"n": waiting})


def no_objection_is_upheld(item: Any, situation: Situation) -> Problems:
    """An upheld objection is met by sending back, rejecting or returning; after sending back a new publicity begins."""
    if item.publicity_ends_on and item.objections.filter(is_upheld=True, closed_at__isnull=True).exists():
        yield Problem("publicity.upheld", _("An objection was upheld: send the item back, reject or return it."))


def exceeds_ten_percent(item: Any, situation: Situation) -> Problems:
    if not ten_percent_is_exceeded(item, situation):
        yield Problem("ten_percent.not_exceeded", _("The estimate does not exceed the feasibility figure that far."))


def ten_percent_is_decided(item: Any, situation: Situation) -> Problems:
    """R-INV-02."""
    if not ten_percent_is_exceeded(item, situation):
        return
    if not item.ten_percent_decision:
        yield Problem(
            "R-INV-02", _("The estimate exceeds the feasibility figure by more than 10 %: decide on it first.")
        )
    elif item.ten_percent_decision == "REQUIRE_NEW_FS":
        yield Problem("R-INV-02", _("A new feasibility study was demanded: the item is to be returned."))


def ten_percent_is_exceeded(item: Any, situation: Situation) -> bool:
    row = situation.rules.row("R-INV-02")
    figure = item.project.latest_figure("FEASIBILITY")
    if item.item_type != "EST" or figure is None or row is None or item.declared_amount is None:
        return False
    return investment.estimate_over_feasibility(row, item.declared_amount, figure.amount) is not None


def centre_did_not_recommend_return(item: Any, situation: Situation) -> Problems:
    if item.recompile_recommended:
        yield Problem("centre.recompile", _("The centre recommends recompiling: return the item or send it back."))


def may_still_be_extended(item: Any, situation: Situation) -> Problems:
    if item.extension_days:
        yield Problem("extension.once", _("The limit has already been extended once."))
    if item.due_on and _clock_runs_until(item, situation) > item.due_on:
        yield Problem("extension.late", _("The limit has passed: it can no longer be extended."))


def _clock_runs_until(item: Any, situation: Situation) -> date:
    """Today, or the day the clock was stopped: what was late then stays late during the pause."""
    stops = [pause.began_on for pause in item.pauses.all() if pause.began_on and pause.ended_on is None]
    stops += [row.began_on for row in item.project.suspensions.all() if row.ended_on is None]
    return min([*stops, situation.on])


def may_nudge_again(item: Any, situation: Situation) -> Problems:
    latest = item.nudges.order_by("-on").first()
    every = situation.rules.days("limit.nudge_every")
    if latest and situation.works.provisional().working_days(latest.on, situation.on) < every:
        yield Problem("nudge.too_soon", _("At most one reminder every %(days)s working days.") % {"days": every})


def a_delay_is_unexplained(item: Any, situation: Situation) -> Problems:
    if not item.tasks.filter(kind="EXPLAIN_OVERDUE", left_at__isnull=True).exists():
        yield Problem("delay.none", _("There is no delay to explain."))


def file_set_is_complete(item: Any, situation: Situation) -> Problems:
    yield from materials_are_complete(item, situation)
    for slot in item.slots.all():
        if slot.deferred_until and slot.current is None:
            yield Problem("materials.deferred", _("%(name)s is still to be supplied.") % {"name": slot.label})


def validity_is_over(item: Any, situation: Situation) -> Problems:
    """R-LC-05: an approval lapses by itself unless the next stage was approved in time."""
    if item.valid_until is None or situation.on <= item.valid_until:
        yield Problem("validity.running", _("The approval is still valid."))
    elif next_stage_was_approved(item):
        yield Problem("validity.used", _("The next stage was approved in time."))


def next_stage_was_approved(item: Any) -> bool:
    next_gates = {
        "PR": (Gate.FEASIBILITY_APPROVED, Gate.ESTIMATE_APPROVED),
        "FS": (Gate.ESTIMATE_APPROVED,),
        "EST": (Gate.BUDGET_REVIEWED, Gate.AWARDED, Gate.START_PERMITTED),
    }
    wanted = next_gates.get(item.item_type, ())
    return any(
        opening.gate in wanted and opening.opened_on <= item.valid_until for opening in item.project.gate_openings.all()
    )
