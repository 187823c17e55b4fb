"""Elderly services: what distinguishes these cases. No behaviour beyond the named hooks."""

from caseapp.core.text import _l
from caseapp.domains import elderly_rules
from caseapp.domains.base import Domain
from caseapp.domains.workflow import STANDARD
from caseapp.models.details import ElderlyDetail
from caseapp.schemas.details.elderly import EditElderlySchema

ELDERLY = Domain(
    code="elderly",
    label=_l("Elderly services"),
    icon="elderly",
    detail=ElderlyDetail,
    detail_schema=EditElderlySchema,
    workflow=STANDARD.with_gate("plan", needs=("ability_assessment",)),
    catalogue="B",
    instruments=("gbt42195",),
    target_groups=("EL",),
    export_columns=("care_level", "lives_alone", "next_visit_on"),
    hooks={"assessed": elderly_rules.assessed},
)
