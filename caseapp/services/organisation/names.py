"""Generated names follow the divisions: offices, stations and service points bear them, unless changed by hand with a reason."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from caseapp.extensions import db
from caseapp.models.organisation import Division, Organisation
from caseapp.reference import naming


def bring_up_to_date(code: str) -> None:
    """Names everything open that stands on a division or below its office anew; closed places keep the name they had."""
    on_it = list(db.session.scalars(select(Organisation).where(Organisation.division_code == code)))
    below(row.path for row in on_it)


def below(paths: Iterable[str]) -> None:
    """The same for everything open at or under some places."""
    ranges = [(Organisation.path >= path) & (Organisation.path < path[:-1] + "0") for path in paths]
    if not ranges:
        return
    rows = list(db.session.scalars(select(Organisation).where(or_(*ranges)).order_by(Organisation.path)))
    above = _parents(rows)
    codes = {row.division_code for row in [*rows, *above.values()] if row.division_code}
    found = db.session.execute(select(Division.code, Division.name).where(Division.code.in_(codes)))
    names = {row.code: row.name for row in found}
    for row in rows:
        if row.closed_on is None and row.name_reason is None and row.division_code in names:
            row.name, row.short_name = _named(row, above, names)
    db.session.flush()


def _parents(rows: list[Organisation]) -> dict[UUID, Organisation]:
    """Every node by id, with two generations above the first ones."""
    known = {row.id: row for row in rows}
    for _generation in range(2):
        wanted = {row.parent_id for row in known.values() if row.parent_id} - known.keys()
        if wanted:
            known |= {row.id: row for row in db.session.scalars(select(Organisation).where(Organisation.id.in_(wanted)))}
    return known


def _named(row: Organisation, known: dict[UUID, Organisation], names: dict[str, str]) -> tuple[str, str]:
    def place(node: Any) -> str:
        return "" if node is None else names.get(node.division_code or "", node.short_name)

    parent = known.get(row.parent_id) if row.parent_id else None
    upper = known.get(parent.parent_id) if parent is not None and parent.parent_id else None
    if row.kind == "station":
        return naming.station_name(place(upper) if upper is not None and upper.kind == "county" else "", place(parent))
    if row.kind == "service_point":
        ending = next((word for word in naming.endings() if row.name.endswith(word)), naming.endings()[0])
        return naming.point_name(place(upper), place(row), ending)
    county = place(parent) if parent is not None and parent.kind == "county" else ""
    return naming.office_name(row.kind, place(row), county), place(row)
