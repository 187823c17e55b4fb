"""Community governance: what distinguishes these cases. No behaviour beyond the named hooks."""

from caseapp.access.permissions import Permission as P
from caseapp.core.text import _l
from caseapp.domains import governance_rules as rules
from caseapp.domains.base import Act, Domain
from caseapp.domains.workflow import STANDARD
from caseapp.models.details.governance import GovernanceDetail
from caseapp.queries.details.governance.duties import duties
from caseapp.queries.details.governance.facts import facts
from caseapp.queries.statistics.governance import MEASURES
from caseapp.schemas.details.governance import GovernanceSchema

DOMAIN = Domain(
    code="governance",
    label=_l("Community governance"),
    icon="governance",
    number="GO",
    detail=GovernanceDetail,
    detail_schema=GovernanceSchema,
    workflow=STANDARD.with_gate("serve", needs=("project_designed",)).with_gate("ask_closing", needs=("project_result",)),
    catalogue="D",
    intake=("matters",),
    subjects=("client", "household", "community"),
    groups=("CM",),
    gates={"project_designed": rules.project_designed, "project_result": rules.project_result},
    ways={"service": "new_delivery", "project_designed": "edit_project", "project_result": "project_result"},
    tabs=(Act("project", _l("Project"), "goal", P.CASE_READ, subject="community"),),
    person_acts=(Act("new_request", _l("Record a request"), "chat", P.CASE_WRITE),),
    list_acts=(
        Act("requests", _l("Residents' requests"), "chat", P.CASE_READ),
        Act("surveys", _l("Needs surveys"), "search", P.CASE_READ),
        Act("meetings", _l("Meetings of residents"), "people", P.CASE_READ),
        Act("partners", _l("Partners"), "link", P.CASE_READ),
        Act("new_delivery", _l("Record a community service"), "plus", P.SERVICE_WRITE),
    ),
    facts=facts,
    duties=duties,
    measures=MEASURES,
)
