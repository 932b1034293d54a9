"""The whole life of an approval item: one line per arrow (DOMAIN §2.6, A01–A34), readable aloud.

X-numbers are acts inside a state (signatures, questions, assignments) that the specification asks for without giving
them an arrow. What happens when a move is made is told in approvals/services/.
"""

from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from approvals import guards as g
from approvals import pause_guards as pauses
from approvals.states import (
    UNDER_REVIEW,
    ItemState,
    PauseReason,
    ReturnReason,
    TenPercentDecision,
)
from core.workflow import Input, Move, Workflow

S = ItemState
CLERK, LEAD, WINDOW = (Role.APPLICANT_CLERK,), (Role.APPLICANT_LEAD,), (Role.WINDOW,)
OFFICER, CHIEF, DETERMINER, DIRECTOR = (Role.CASE_OFFICER,), (Role.SECTION_CHIEF,), (Role.DETERMINER,), (Role.DIRECTOR,)
REVIEWER, CENTER_LEAD, EXPERT, ARCHIVIST = (
    (Role.CENTER_REVIEWER,),
    (Role.CENTER_LEAD,),
    (Role.EXPERT,),
    (Role.ARCHIVIST,),
)
RUNNING = (S.ACCEPTED, S.FIRST_REVIEW, S.CENTER_REVIEW, S.SECOND_REVIEW, S.DETERMINATION)
AFTER_ACCEPTED = (S.FIRST_REVIEW, S.SECOND_REVIEW, S.DETERMINATION)

REASON = Input("reason", _("Reason"))
OPINION = Input("opinion", _("Opinion"))
DEFECTS = Input("defects", _("Defects (material code: what to correct, one per line)"), "lines")
WAIVABLE = (("FEASIBILITY", _("Feasibility study")),)
PAUSES = tuple((r.value, r.label) for r in (PauseReason.SUPPLEMENT, PauseReason.OWNER_REQUEST))

ITEM_FLOW = Workflow(
    "state",
    "approvals.item",
    # Declaration and pre-review
    Move("X01", "present_for_signature", _("Present for signature"), (S.DRAFT, S.PRE_REVIEW_RETURNED, S.CORRECTION),
         None, CLERK, (g.is_not_yet_presented, g.defects_are_answered, g.materials_are_complete, g.amounts_are_declared),
         primary=True),
    Move("A02", "request_pre_review", _("Ask for a pre-review"), (S.DRAFT, S.PRE_REVIEW_RETURNED), S.PRE_REVIEW,
         CLERK, (g.has_a_file,)),
    Move("A03", "return_pre_review", _("Return from pre-review"), (S.PRE_REVIEW,), S.PRE_REVIEW_RETURNED,
         (Role.WINDOW, Role.CASE_OFFICER), (g.has_a_pre_review_comment,)),
    Move("A04", "pass_pre_review", _("Pass the pre-review"), (S.PRE_REVIEW,), S.DRAFT, WINDOW,
         (g.mandatory_materials_are_marked_ok,), primary=True),
    Move("A05", "submit", _("Sign and submit"), (S.DRAFT, S.PRE_REVIEW_RETURNED), S.SUBMITTED, LEAD,
         (g.project_has_a_code, g.materials_are_complete, g.amounts_are_declared, g.stage_still_matches,
          g.earlier_approvals_stand, g.adjustment_is_reasoned), primary=True),
    # Acceptance
    Move("A06", "request_correction", _("Ask for correction"), (S.SUBMITTED,), S.CORRECTION, WINDOW,
         (g.within_the_acceptance_limit,),
         (DEFECTS, Input("consent", _("Supervisor's consent to a further correction"), "line", required=False))),
    Move("A07", "resubmit", _("Sign and resubmit"), (S.CORRECTION,), S.SUBMITTED, LEAD,
         (g.defects_are_answered, g.materials_are_complete, g.amounts_are_declared), primary=True),
    Move("A08", "deem_accepted", _("Deemed accepted"), (S.SUBMITTED,), S.ACCEPTED, (),
         (g.acceptance_limit_has_passed, g.project_is_not_suspended)),
    Move("A09", "accept", _("Accept"), (S.SUBMITTED,), S.ACCEPTED, WINDOW,
         (g.materials_are_complete, g.nothing_is_deferred),
         primary=True, bulk=True),
    Move("X02", "propose_deficiency", _("Propose acceptance with deficiency"), (S.SUBMITTED,), None, WINDOW,
         (g.a_minor_file_may_be_deferred,),
         (Input("materials", _("Missing materials (codes, separated by commas)"), "line"),
          Input("due", _("Missing files due on"), "date"), Input("promise", _("Promise of the unit")))),
    Move("A10", "accept_with_deficiency", _("Accept with deficiency"), (S.SUBMITTED,), S.ACCEPTED, CHIEF,
         (g.deficiency_was_proposed, g.only_minor_files_are_missing, g.materials_are_complete)),
    Move("A11", "refuse_acceptance", _("Do not accept"), (S.SUBMITTED,), S.NOT_ACCEPTED, WINDOW, (),
         (REASON, Input("competent_body", _("Competent body"), "line")), irreversible=True),
    Move("A12", "lapse", _("Lapsed without correction"), (S.CORRECTION,), S.WITHDRAWN, (),
         (g.correction_limit_has_passed, g.project_is_not_suspended)),
    # Review
    Move("A13", "assign", _("Assign"), (S.ACCEPTED,), AFTER_ACCEPTED, CHIEF, (),
         (Input("officer", _("Main reviewer (empty: by load)"), "user", required=False),
          Input("second", _("Substitute reviewer (B)"), "user", required=False)), primary=True, bulk=True),
    Move("X03", "reassign", _("Reassign"), (S.FIRST_REVIEW,), None, CHIEF, (),
         (Input("officer", _("Main reviewer (empty: by load)"), "user", required=False), REASON)),
    Move("X04", "recuse", _("Declare an interest and step aside"), (S.FIRST_REVIEW, S.CENTER_REVIEW, S.EXPERT_REVIEW),
         None, (Role.CASE_OFFICER, Role.CENTER_REVIEWER, Role.EXPERT), (), (REASON,)),
    Move("A14", "send_to_center", _("Send to the review centre"), (S.FIRST_REVIEW,), S.CENTER_REVIEW, OFFICER,
         (g.type_has_centre_step, g.no_opinion_yet, g.countersigns_are_answered, pauses.no_pause_is_proposed)),
    Move("X05", "assign_center", _("Assign centre reviewers"), (S.CENTER_REVIEW,), None, CENTER_LEAD, (),
         (Input("first", _("First reviewer"), "user"), Input("second", _("Second reviewer"), "user"))),
    Move("A15", "convene_experts", _("Convene experts"), (S.CENTER_REVIEW,), S.EXPERT_REVIEW, REVIEWER,
         (g.type_has_expert_step, pauses.no_pause_is_proposed),
         (Input("experts", _("Experts"), "users"), Input("work_plan", _("Work plan")),
          Input("expected_days", _("Expected working days"), "days"))),
    Move("X06", "file_expert_opinion", _("File the expert opinion"), (S.EXPERT_REVIEW,), None, EXPERT, (),
         (OPINION, Input("score", _("Score (0–100)"), "line", required=False))),
    Move("X17", "invite_more_experts", _("Invite further experts"), (S.EXPERT_REVIEW,), None, REVIEWER, (),
         (Input("experts", _("Experts"), "users"), Input("work_plan", _("Work plan")),
          Input("expected_days", _("Expected working days"), "days"))),
    Move("A16", "close_expert_review", _("Close the expert review"), (S.EXPERT_REVIEW,), S.CENTER_REVIEW, REVIEWER,
         (g.expert_opinions_are_filed,), (Input("opinion", _("Opinion of the expert group")),), primary=True),
    Move("X07", "propose_pause", _("Propose a pause"), (S.FIRST_REVIEW, S.CENTER_REVIEW), None,
         (Role.CASE_OFFICER, Role.CENTER_REVIEWER), (pauses.no_pause_is_proposed,),
         (Input("pause_reason", _("Reason of the pause"), "choice", choices=PAUSES),
          Input("letter", _("Supplement letter / letter of the unit")),
          Input("expected_days", _("Expected working days"), "days"))),
    Move("X08", "sign_pause_first", _("Sign the pause (department head)"), (S.FIRST_REVIEW, S.CENTER_REVIEW), None,
         (Role.SECTION_CHIEF, Role.CENTER_LEAD), (pauses.pause_awaits_first_signature,)),
    Move("X09", "sign_pause_second", _("Sign the pause (deputy director)"), (S.FIRST_REVIEW, S.CENTER_REVIEW), None,
         DETERMINER, (pauses.pause_awaits_second_signature,)),
    Move("X10", "cancel_pause", _("Cancel the proposed pause"), (S.FIRST_REVIEW, S.CENTER_REVIEW), None,
         (Role.CASE_OFFICER, Role.CENTER_REVIEWER), (pauses.a_pause_is_proposed,)),
    Move("A17", "request_supplement", _("Request the supplement and pause"), (S.FIRST_REVIEW, S.CENTER_REVIEW),
         S.SUPPLEMENT, (Role.CASE_OFFICER, Role.CENTER_REVIEWER), (pauses.pause_is_signed_twice,)),
    Move("A18", "supply", _("Supply the material"), (S.SUPPLEMENT,), (S.FIRST_REVIEW, S.CENTER_REVIEW), CLERK,
         (g.project_is_not_suspended,), (Input("note", _("Note"), required=False),), primary=True),
    Move("A19", "lapse_supplement", _("Lapsed without supplement"), (S.SUPPLEMENT,), S.RETURNED, (),
         (g.supplement_limit_has_passed, g.project_is_not_suspended)),
    Move("X11", "sign_opinion", _("Sign the centre's opinion"), (S.CENTER_REVIEW,), None, REVIEWER,
         (g.cost_lines_are_reviewed,), (OPINION,), primary=True),
    Move("A20", "deliver_opinion", _("Deliver the opinion"), (S.CENTER_REVIEW,), S.FIRST_REVIEW, CENTER_LEAD,
         (g.cost_lines_are_reviewed, g.opinion_is_signed_twice, pauses.no_pause_is_proposed), (OPINION,), primary=True),
    Move("A21", "recommend_return", _("Recommend return for recompiling"), (S.CENTER_REVIEW,), S.FIRST_REVIEW,
         CENTER_LEAD, (pauses.no_pause_is_proposed,), (OPINION,)),
    Move("X12", "ask_countersign", _("Ask for a countersignature"), (S.FIRST_REVIEW, S.SECOND_REVIEW), None,
         (Role.CASE_OFFICER, Role.SECTION_CHIEF), (),
         (Input("person", _("Person asked"), "user"),
          Input("kind", _("Kind"), "choice", choices=(("JOINT", _("Joint review")), ("ADDED", _("Added reviewer")))),
          Input("question", _("Question")))),
    Move("X13", "answer_countersign", _("Answer the countersignature"), (S.FIRST_REVIEW, S.SECOND_REVIEW), None,
         tuple(Role), (g.a_countersign_is_open,),
         (Input("answer", _("Answer")), Input("agrees", _("I agree"), "flag", required=False))),
    Move("A22", "pass_first", _("Pass the first review"), (S.FIRST_REVIEW,), (S.SECOND_REVIEW, S.DETERMINATION),
         OFFICER, (g.cost_lines_are_reviewed, g.countersigns_are_answered, pauses.no_pause_is_proposed), (OPINION,),
         primary=True),
    Move("A23", "pass_second", _("Pass the second review"), (S.SECOND_REVIEW,), (S.DETERMINATION, S.PUBLICITY), CHIEF,
         (g.countersigns_are_answered,), (OPINION,), primary=True, bulk=True),
    Move("A24", "send_back_second", _("Send back to the first review"), (S.SECOND_REVIEW,), S.FIRST_REVIEW, CHIEF, (),
         (REASON,)),
    Move("A25", "end_publicity", _("End the publicity"), (S.PUBLICITY,), S.DETERMINATION, (),
         (g.publicity_is_over, g.objections_are_answered)),
    # Decision
    Move("X14", "decide_ten_percent", _("Decide on the excess over 10 %"),
         (S.FIRST_REVIEW, S.CENTER_REVIEW, S.SECOND_REVIEW, S.DETERMINATION), None, DETERMINER,
         (g.exceeds_ten_percent,),
         (Input("decision", _("Decision"), "choice",
                choices=tuple((d.value, d.label) for d in TenPercentDecision)), REASON)),
    Move("A26", "send_back", _("Send back"), (S.DETERMINATION,), (S.SECOND_REVIEW, S.FIRST_REVIEW), DETERMINER,
         (g.type_has_first_step,),
         (REASON, Input("to", _("Send back to"), "choice", required=False,
                        choices=((S.SECOND_REVIEW.value, S.SECOND_REVIEW.label),
                                 (S.FIRST_REVIEW.value, S.FIRST_REVIEW.label))))),
    Move("A27", "approve", _("Approve"), (S.DETERMINATION,), S.ISSUED, DETERMINER,
         (g.centre_did_not_recommend_return, g.no_objection_is_upheld, g.ten_percent_is_decided,
          g.project_is_not_suspended, g.earlier_approvals_stand),
         (Input("approved_amount", _("Approved amount (yuan; empty: as reviewed)"), "money", required=False),
          Input("opinion", _("Conditions and remarks"), required=False),
          Input("waives", _("Later steps waived"), "choices", required=False, choices=WAIVABLE),
          Input("override_document", _("Authority document for deviating from a rule"), "line", required=False),
          Input("override_reason", _("Reason for the deviation"), required=False)),
         primary=True, irreversible=True, bulk=True),
    Move("A28", "reject", _("Reject"), (S.DETERMINATION,), S.REJECTED, DETERMINER, (), (REASON,), irreversible=True),
    Move("A29", "return_item", _("Return"), UNDER_REVIEW[1:], S.RETURNED, DETERMINER, (),
         (Input("return_class", _("Class of reason"), "choice",
                choices=tuple((r.value, r.label) for r in ReturnReason)), REASON), irreversible=True),
    Move("A30", "withdraw", _("Withdraw"),
         (S.DRAFT, S.PRE_REVIEW, S.PRE_REVIEW_RETURNED, S.SUBMITTED, S.CORRECTION, S.ACCEPTED, S.FIRST_REVIEW,
          S.CENTER_REVIEW, S.EXPERT_REVIEW, S.SUPPLEMENT, S.PUBLICITY, S.SECOND_REVIEW), S.WITHDRAWN, LEAD, (),
         (Input("reason", _("Letter of the unit")),), irreversible=True),
    Move("A30b", "withdraw_with_project", _("Withdrawn with the project"),
         (S.DRAFT, S.PRE_REVIEW, S.PRE_REVIEW_RETURNED, S.SUBMITTED, S.CORRECTION, *UNDER_REVIEW), S.WITHDRAWN, ()),
    Move("A31", "extend", _("Extend the limit"), (*UNDER_REVIEW,), None, DIRECTOR, (g.may_still_be_extended,),
         (Input("days", _("Working days to add"), "days"), REASON)),
    Move("X15", "nudge", _("Remind"), (S.SUBMITTED, *UNDER_REVIEW), None, (*CLERK, *LEAD), (g.may_nudge_again,),
         (Input("text", _("Message"), required=False),)),
    Move("X16", "explain_overdue", _("Explain the delay"),
         (*UNDER_REVIEW, S.ISSUED, S.REJECTED, S.RETURNED, S.ARCHIVED), None,
         (Role.CASE_OFFICER, Role.SECTION_CHIEF, Role.CENTER_REVIEWER, Role.CENTER_LEAD, Role.WINDOW, Role.DETERMINER),
         (g.a_delay_is_unexplained,), (Input("explanation", _("Explanation")),)),
    # After the decision
    Move("A32", "archive", _("Archive"), (S.ISSUED,), S.ARCHIVED, ARCHIVIST, (g.file_set_is_complete,), bulk=True),
    Move("A33", "expire", _("Approval expired"), (S.ISSUED, S.ARCHIVED), S.EXPIRED, (), (g.validity_is_over,)),
    Move("A34", "revoke", _("Revoke the approval"), (S.ISSUED, S.ARCHIVED), S.REVOKED, DIRECTOR, (),
         (Input("ground", _("Legal ground"), "line"), REASON), irreversible=True),
)  # fmt: skip
