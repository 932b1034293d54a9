"""The roles of DOMAIN §13 and which rows each may see. The matrix of who may do what is in the tables of moves."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    APPLICANT_CLERK = "APPLICANT_CLERK", _("Project unit clerk")
    APPLICANT_LEAD = "APPLICANT_LEAD", _("Project unit lead")
    COMPETENT_DEPT = "COMPETENT_DEPT", _("Competent department")
    WINDOW = "WINDOW", _("Acceptance window")
    CASE_OFFICER = "CASE_OFFICER", _("Case officer")
    SECTION_CHIEF = "SECTION_CHIEF", _("Section chief")
    DETERMINER = "DETERMINER", _("Deputy director (determination)")
    DIRECTOR = "DIRECTOR", _("Director")
    CENTER_REVIEWER = "CENTER_REVIEWER", _("Review centre reviewer")
    CENTER_LEAD = "CENTER_LEAD", _("Review centre lead")
    EXPERT = "EXPERT", _("Review expert")
    CO_REVIEW_FIRM = "CO_REVIEW_FIRM", _("Co-review firm")
    PLAN_OFFICER = "PLAN_OFFICER", _("Plan officer")
    FINANCE_OFFICER = "FINANCE_OFFICER", _("Finance officer")
    AUDITOR = "AUDITOR", _("Auditor")
    ASSET_OFFICER = "ASSET_OFFICER", _("Asset officer")
    RECEIVER = "RECEIVER", _("Asset receiving unit")
    INSPECTOR = "INSPECTOR", _("Inspector")
    SUPERVISOR = "SUPERVISOR", _("Discipline supervisor")
    ARCHIVIST = "ARCHIVIST", _("Archivist")
    LEADER_VIEW = "LEADER_VIEW", _("Leader's overview")
    SYS_ADMIN = "SYS_ADMIN", _("System administrator")
    SEC_ADMIN = "SEC_ADMIN", _("Security administrator")
    AUDIT_ADMIN = "AUDIT_ADMIN", _("Audit administrator")


APPLICANTS = frozenset({Role.APPLICANT_CLERK, Role.APPLICANT_LEAD})
CENTRE = frozenset({Role.CENTER_REVIEWER, Role.CENTER_LEAD})
ADMINISTRATORS = frozenset({Role.SYS_ADMIN, Role.SEC_ADMIN, Role.AUDIT_ADMIN})

# Who sees every project and every submitted item ("R*" in the matrix).
READS_ALL = frozenset(
    {
        Role.WINDOW,
        Role.CASE_OFFICER,
        Role.SECTION_CHIEF,
        Role.DETERMINER,
        Role.DIRECTOR,
        Role.PLAN_OFFICER,
        Role.FINANCE_OFFICER,
        Role.AUDITOR,
        Role.ASSET_OFFICER,
        Role.SUPERVISOR,
        Role.ARCHIVIST,
        Role.LEADER_VIEW,
    }
)
READS_TRACE = frozenset({Role.SUPERVISOR, Role.AUDITOR})
# These see what the people of their own house did ("section" and "bureau" in the matrix); everybody sees their own acts.
READS_HOUSE_TRACE = frozenset({Role.SECTION_CHIEF, Role.DETERMINER, Role.DIRECTOR, Role.CENTER_LEAD})
READS_REPORTS = frozenset(
    {
        Role.FINANCE_OFFICER,
        Role.AUDITOR,
        Role.SUPERVISOR,
        Role.DETERMINER,
        Role.DIRECTOR,
        Role.SECTION_CHIEF,
        Role.CENTER_LEAD,
        Role.LEADER_VIEW,
        Role.PLAN_OFFICER,
        Role.CASE_OFFICER,
        Role.CENTER_REVIEWER,
    }
)
OF_UNITS = (
    "reduction", "details", "plan_execution", "payments", "estimate_execution", "project_ledger", "open_accounts",
)  # fmt: skip
# Roles that read some reports only: units what was decided for them and what became of their projects, the window how it kept its time.
READS_SOME_REPORTS: dict[str, tuple[str, ...]] = {
    Role.APPLICANT_CLERK: OF_UNITS,
    Role.APPLICANT_LEAD: OF_UNITS,
    Role.WINDOW: ("timeliness", "times"),
}
EXPORTS_REPORTS = frozenset({Role.FINANCE_OFFICER, Role.AUDITOR, Role.SUPERVISOR, Role.DETERMINER, Role.DIRECTOR})
