"""Social assistance: what distinguishes these cases. No behaviour beyond the named gates and hooks."""

from caseapp.access.permissions import Permission
from caseapp.core.text import _l
from caseapp.domains import assistance_rules
from caseapp.domains.base import Act, Domain
from caseapp.domains.workflow import STANDARD
from caseapp.models.casework.case import LIVE
from caseapp.models.details.assistance import AssistanceDetail
from caseapp.queries.details.assistance import facts
from caseapp.queries.statistics.assistance import MEASURES
from caseapp.schemas.details.assistance import AssistanceSchema

DOMAIN = Domain(
    code="assistance",
    label=_l("Social assistance"),
    icon="assistance",
    number="SA",
    detail=AssistanceDetail,
    detail_schema=AssistanceSchema,
    workflow=STANDARD.with_gate("plan", needs=("means_sheet",)).with_gate("ask_closing", needs=("applications_answered",)),
    catalogue="A",
    intake=("matter", "hardships", "hardship_since", "help_so_far", "urgent_needs"),
    groups=("SA",),
    gates={"means_sheet": assistance_rules.means_sheet, "applications_answered": assistance_rules.applications_answered},
    acts=(Act("urgent", _l("Urgent need"), "warning", Permission.CASE_WRITE, urgent=True, statuses=LIVE),),
    tabs=(
        Act("means", _l("Means"), "money", Permission.CASE_READ),
        Act("aid", _l("Aid"), "doc", Permission.CASE_READ),
    ),
    person_acts=(Act("family", _l("What the family receives"), "money", Permission.CASE_READ),),
    list_acts=(Act("rechecks", _l("Re-checks due"), "calendar", Permission.CASE_READ),),
    facts=facts.of,
    hooks={"opened": assistance_rules.opened},
    measures=MEASURES,
)
