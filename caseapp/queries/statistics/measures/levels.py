"""Persons by the level of one instrument that was confirmed last in the period; a domain names the instrument."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Select, func, select

from caseapp.models import casework as c
from caseapp.queries.statistics.measures.measure import ONE, Span


def last_level(instrument: str, name: str) -> Callable[[Span], Select[Any]]:
    """Rows of a measure divided by the dimension `name`: each person assessed with the instrument once, by the last level."""
    order: list[Any] = [c.Assessment.assessed_on.desc(), c.Assessment.confirmed_at.desc(), c.Assessment.id.desc()]
    turn = func.row_number().over(partition_by=c.Assessment.client_id, order_by=order)

    def rows(span: Span) -> Select[Any]:
        found = (
            select(
                c.Assessment.station_path,
                c.Assessment.client_id.label("person"),
                c.Assessment.level.label(name),
                turn.label("turn"),
            )
            .where(
                c.Assessment.instrument == instrument,
                c.Assessment.state == "complete",
                c.Assessment.voided_at.is_(None),
                c.Assessment.confirmed_at.is_not(None),
                span.here(c.Assessment.station_path),
                span.within(c.Assessment.assessed_on, c.Assessment.confirmed_at),
            )
            .subquery()
        )
        return select(found.c.station_path, found.c.person, found.c[name], ONE).where(found.c.turn == 1)

    return rows
