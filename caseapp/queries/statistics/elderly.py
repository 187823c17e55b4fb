"""The measure of elderly services: persons assessed by the level of ability that was confirmed last."""

from typing import Any

from sqlalchemy import Select, func, select

from caseapp.models import casework as c
from caseapp.queries.statistics.measures.measure import ONE, Measure, Span

INSTRUMENT = "gbt42195"


def _ability(span: Span) -> Select[Any]:
    order: list[Any] = [c.Assessment.assessed_on.desc(), c.Assessment.confirmed_at.desc(), c.Assessment.id.desc()]
    turn = func.row_number().over(partition_by=c.Assessment.client_id, order_by=order)
    rows = (
        select(
            c.Assessment.station_path,
            c.Assessment.client_id.label("person"),
            c.Assessment.level.label("ability"),
            turn.label("turn"),
        )
        .where(
            c.Assessment.instrument == INSTRUMENT,
            c.Assessment.state == "complete",
            c.Assessment.voided_at.is_(None),
            c.Assessment.confirmed_at.is_not(None),
            c.Assessment.assessed_on.between(span.first, span.last),
        )
        .subquery()
    )
    return select(rows.c.station_path, rows.c.person, rows.c.ability, ONE).where(rows.c.turn == 1)


MEASURES = (Measure("ability", _ability),)
