"""Children's services: what distinguishes these cases. No behaviour beyond the named hooks."""

from caseapp.access.permissions import Permission as P
from caseapp.core.text import _l
from caseapp.domains import children_rules as rules
from caseapp.domains.base import Act, Domain
from caseapp.domains.workflow import STANDARD
from caseapp.models.details.children import ChildrenDetail
from caseapp.queries.details.children import facts
from caseapp.queries.details.children.duties import duties
from caseapp.queries.statistics.children import MEASURES
from caseapp.schemas.details.children import ChildrenSchema

DOMAIN = Domain(
    code="children",
    label=_l("Child welfare"),
    icon="children",
    number="CH",
    detail=ChildrenDetail,
    detail_schema=ChildrenSchema,
    workflow=STANDARD.with_gate("accept", needs=("guardian_consent",))
    .with_gate("plan", needs=("guardianship", "own_view"))
    .with_gate("decline", needs=("reports_closed",))
    .with_gate("close", needs=("reports_closed",)),
    catalogue="C",
    intake=("father_state", "mother_state", "guardian", "carer", "school"),
    instruments=("child_guardianship",),
    must_assess=True,
    groups=("CH",),
    gates={
        "guardian_consent": rules.guardian_consent,
        "guardianship": rules.guardianship,
        "own_view": rules.own_view,
        "reports_closed": rules.reports_closed,
    },
    early=("guardian_consent", "guardianship", "own_view"),
    tabs=(Act("care", _l("Care and safety"), "shield", P.CASE_READ),),
    person_acts=(Act("new_report", _l("Mandatory report"), "warning", P.HARM_REPORT, urgent=True, klass="minor", at_line=True),),
    list_acts=(
        Act("ledger", _l("Mandatory reports"), "list", P.CASE_READ),
        Act("new_report", _l("Mandatory report"), "warning", P.HARM_REPORT, urgent=True),
    ),
    facts=facts,
    duties=duties,
    hooks={"assessed": rules.assessed, "without_approval": rules.without_approval},
    measures=MEASURES,
)
