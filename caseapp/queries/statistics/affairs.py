"""The measure of social affairs: what disabled persons need, by kind, as the yearly look at their needs found it."""

from typing import Any

from sqlalchemy import Select, select

from caseapp.models import casework as c
from caseapp.models.details.affairs import DisabilityNeed, NeedsLook
from caseapp.queries.statistics.measures.measure import ONE, Measure, Span


def _needs(span: Span) -> Select[Any]:
    """Each kind of need wanted at a look of the period; of the other matters nothing is counted beyond the case itself."""
    return (
        select(DisabilityNeed.station_path, c.Case.client_id.label("person"), DisabilityNeed.kind.label("need"), ONE)
        .join(NeedsLook, NeedsLook.id == DisabilityNeed.look_id)
        .join(c.Case, c.Case.id == NeedsLook.case_id)
        .where(
            DisabilityNeed.wanted.is_(True),
            NeedsLook.voided_at.is_(None),
            span.here(DisabilityNeed.station_path),
            span.within(NeedsLook.looked_on, NeedsLook.created_at),
        )
    )


MEASURES = (Measure("disability_needs", _needs),)
