"""Rewriting organisation paths in every table, when a node of the tree moves. Core tables on purpose: no scope, all rows."""

from typing import Any

from sqlalchemy import func, update

from caseapp.access.outside import lifted
from caseapp.extensions import db

COLUMNS = ("path", "station_path", "from_path", "to_path", "home_path", "area_path", "place")
# The trail tells where something happened, a release what was published for whom: they never change and do not move. A bureau
# that has moved reads what was released of it before under the path it had then (`former_place`).
# A mark of what is to be counted anew names the place that was left too: what was counted there falls away.
FIXED = frozenset(
    {
        "audit_entry",
        "stat_mark",
        "stat_cell",
        "stat_export",
        "stat_noise",
        "stat_extract_fetch",
        "former_place",
        "disposal_certificate",
    }
)


def tables_with_paths() -> list[tuple[Any, Any]]:
    """Every (table, column) that holds an organisation path."""
    return [
        (table, table.c[name])
        for table in db.metadata.sorted_tables
        if table.name not in FIXED
        for name in COLUMNS
        if name in table.c
    ]


def rewrite(session: Any, old: str, new: str) -> int:
    """Replaces the prefix `old` by `new` wherever a path begins with it; how many rows changed."""
    changed = 0
    with lifted("a place moves, and all that stands there"):
        for table, column in tables_with_paths():
            below = (column >= old) & (column < old[:-1] + "0")
            value = new + func.substr(column, len(old) + 1)
            changed += session.connection().execute(update(table).where(below).values({column.name: value})).rowcount
    return changed
