"""Every column that a figure is counted from is one whose change marks the station, and every mark is of such a column."""

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy.sql import visitors

from caseapp import domains
from caseapp.core.periods import Quarter
from caseapp.models.statistics.triggers import MARKED
from caseapp.queries.statistics.measures import Span
from caseapp.reference.statistics import newest
from caseapp.services.statistics.refresh.marks import tables

AT = datetime(2026, 10, 1, tzinfo=UTC)
NEVER_CHANGES = {"visit_person": {"id"}, "organisation": {"path", "kind", "division_code"}}


def read() -> dict[str, set[str]]:
    """Table → the columns that the measures name."""
    found: dict[str, set[str]] = defaultdict(set)
    span = replace(Span.of(newest(), Quarter(2026, 3)), since=AT, until=AT)
    for measure in domains.measures().values():
        for element in visitors.iterate(measure.rows(span)):
            table = getattr(element, "table", None)
            if element.__visit_name__ == "column" and table is not None:
                original = getattr(table, "element", table)
                if original.__visit_name__ == "table":
                    found[original.name].add(element.name)  # type: ignore[attr-defined]
        assert tables(measure, span) <= {marked.table for marked in MARKED}, measure.code
    return found


def test_what_is_counted_is_marked_when_it_changes() -> None:
    marked = {entry.table: {*entry.columns} for entry in MARKED}
    found = read()
    assert found.keys() | {"organisation", "target_tag"} == marked.keys()
    for table, columns in found.items():
        # an id never changes, and what is entered once (created_at) only when a row is written
        assert columns - {"id", "created_at"} <= marked[table], table


def test_nothing_is_marked_that_no_figure_reads() -> None:
    found = read()
    tags = {"station_path", "client_id", "case_id", "code", "status", "from_on", "to_on"}
    for entry in MARKED:
        idle = {*entry.columns} - found[entry.table] - (tags if entry.table == "target_tag" else {"station_path", "created_at"})
        assert entry.table == "organisation" or not idle, (entry.table, idle)
