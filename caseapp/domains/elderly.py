"""Elderly services: what distinguishes these cases. No behaviour beyond the named hooks."""

from caseapp.core.text import _l
from caseapp.domains import elderly_rules
from caseapp.domains.base import Domain
from caseapp.domains.workflow import STANDARD
from caseapp.models.details.elderly import ElderlyDetail
from caseapp.queries.statistics.elderly import MEASURES
from caseapp.schemas.details.elderly import ElderlySchema

DOMAIN = Domain(
    code="elderly",
    label=_l("Elderly services"),
    icon="elderly",
    number="EL",
    detail=ElderlyDetail,
    detail_schema=ElderlySchema,
    workflow=STANDARD.with_gate("plan", needs=("ability_assessment",)),
    catalogue="B",
    intake=("lives_alone", "main_carer", "has_keyholder"),
    instruments=("gbt42195", "barthel", "gds15"),
    must_assess=True,
    groups=("EL",),
    measures=MEASURES,
    hooks={"assessed": elderly_rules.assessed},
)
