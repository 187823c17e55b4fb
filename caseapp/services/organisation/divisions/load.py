"""The divisions and offices an installation begins with, from the reference data."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import select

from caseapp import reference
from caseapp.core import clock
from caseapp.models.organisation import Division, Organisation
from caseapp.reference import naming

OFFICES = ("province", "city", "county", "management_area", "township")
DIGITS = {"province": 2, "city": 4, "county": 6, "township": 9}
# the years are known (2013, 2014, 2020), the days do not matter: none is valid after the last
HISTORIC_UNTIL = date(2020, 12, 31)


def load(session: Any, rows: Iterable[reference.DivisionRow] | None = None) -> Counter[str]:
    """Writes every division and office that is missing, in a system session, and brings names and parents up to date.

    Leaves stations, people and offices that were moved by hand alone. Returns how many of each.
    """
    told: Counter[str] = Counter()
    known = {row.code: row for row in session.scalars(select(Division))}
    offices = {row.division_code: row for row in session.scalars(select(Organisation).where(Organisation.kind.in_(OFFICES)))}
    for row in reference.divisions() if rows is None else rows:
        division = known.get(row.code)
        if division is None:
            known[row.code] = division = Division(code=row.code, level=row.level, source=row.source)
            session.add(division)
            told["divisions"] += 1
        division.name, division.parent_code = row.name, row.parent
        division.counts_for_coverage = row.counts_for_coverage
        if row.level in OFFICES and row.code not in offices:
            upper = known.get(row.parent) if row.parent else None
            offices[row.code] = office = office_of(division, offices.get(row.parent), upper)
            session.add(office)
            told["offices"] += 1
    for code, (name, now) in reference.historic_codes().items():
        whole = code.ljust(12, "0")
        if whole not in known:
            more = {"level": "county", "source": "historic", "to_on": HISTORIC_UNTIL, "now_code": now.ljust(12, "0")}
            session.add(Division(code=whole, name=name, **more))
            told["historic codes"] += 1
    session.flush()
    return told


def segment(level: str, code: str) -> str:
    """The step of an office's path: the significant digits of its code."""
    digits = DIGITS.get(level)
    return code[:digits] if digits else code.lower()


def office_of(division: Division, parent: Organisation | None, upper: Division | None) -> Organisation:
    """The office of a division: its bureau, department or township office."""
    own = segment(division.level, division.code)
    return Organisation(
        kind=division.level,
        name=naming.office_name(division.level, division.name, upper.name if upper and upper.level == "county" else ""),
        short_name=division.name,
        parent_id=parent.id if parent else None,
        path=f"{parent.path if parent else '/'}{own}/",
        division_code=division.code,
        created_at=clock.now(),
    )
