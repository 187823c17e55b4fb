"""Social affairs: marriage and family, funerals, disability, psychiatric community rehabilitation, vagrants; one matter a case."""

from caseapp.access.permissions import Permission as P
from caseapp.core.text import _l
from caseapp.domains import affairs_rules
from caseapp.domains.base import Act, Domain
from caseapp.domains.workflow import STANDARD
from caseapp.models.details.affairs import AffairsDetail
from caseapp.queries.details.affairs import facts
from caseapp.queries.statistics.affairs import MEASURES
from caseapp.schemas.details.affairs import AffairsSchema

DOMAIN = Domain(
    code="affairs",
    label=_l("Social affairs"),
    icon="affairs",
    number="AF",
    detail=AffairsDetail,
    detail_schema=AffairsSchema,
    workflow=STANDARD.with_gate("plan", needs=("matter_ready",)),
    catalogue="E",
    intake=("matter", "kind"),
    instruments=("domestic_violence", "phq9", "gds15", "barthel", "suicide_risk"),
    offers=affairs_rules.offers,
    side_by_side="matter",
    groups=("DI", "FN", "MD", "MF", "VB"),
    joins=affairs_rules.joins,
    gates={"matter_ready": affairs_rules.matter_ready},
    tabs=(Act("matter", _l("Matter"), "list", P.CASE_READ),),
    person_acts=(Act("new_advice", _l("Funeral advice"), "flag", P.SERVICE_WRITE),),
    facts=facts,
    measures=MEASURES,
)
