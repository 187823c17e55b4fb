"""Loading the divisions and their offices, and importing later changes with the day from which they hold."""

import csv
import io
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select

from caseapp import reference
from caseapp.access import policy
from caseapp.access.permissions import Permission as P
from caseapp.core import clock, hygiene
from caseapp.core.actor import Actor
from caseapp.core.errors import Invalid
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.organisation import Division, Organisation
from caseapp.queries.organisation import tree as queries
from caseapp.reference import naming
from caseapp.services.organisation import tree
from caseapp.services.trust import audit

OFFICES = ("province", "city", "county", "management_area", "township")
DIGITS = {"province": 2, "city": 4, "county": 6, "township": 9}
PARENT_LEVELS = {
    "city": ("province",),
    "county": ("city",),
    "township": ("county", "management_area"),
    "village": ("township",),
    "management_area": ("province", "city"),
}
COLUMNS = ("code", "name", "level", "parent", "effective", "now_code", "counts_for_coverage")
LONGEST = 5_000
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


def office_of(division: Division, parent: Organisation | None, upper: Division | None) -> Organisation:
    """The office of a division: its bureau, department or township office."""
    digits = DIGITS.get(division.level)
    own = division.code[:digits] if digits else division.code.lower()
    return Organisation(
        kind=division.level,
        name=naming.office_name(division.level, division.name, upper.name if upper and upper.level == "county" else ""),
        short_name=division.name,
        parent_id=parent.id if parent else None,
        path=f"{parent.path if parent else '/'}{own}/",
        division_code=division.code,
        created_at=clock.now(),
    )


@dataclass
class Line:
    """One line of an import: what it would do, or what is wrong with it."""

    number: int
    code: str
    name: str
    level: str = ""
    parent: str = ""
    effective: date | None = None
    now_code: str = ""
    counts: bool = False
    act: str = ""  # new rename move abolish nothing
    problems: list[Any] = field(default_factory=list)


def read(content: bytes) -> list[Line]:
    """The lines of a CSV file (UTF-8 or GB 18030). Raises Invalid for what is no such file."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise Invalid(_l("This is not a CSV file in UTF-8 or GB 18030."), "file")
    if "\0" in text:
        raise Invalid(_l("This is not a CSV file in UTF-8 or GB 18030."), "file")
    try:
        rows = list(csv.DictReader(io.StringIO(text, newline="")))
    except csv.Error as error:
        raise Invalid(_l("This is not a CSV file in UTF-8 or GB 18030."), "file") from error
    if not rows or not {"code", "name", "effective"} <= set(rows[0]):
        raise Invalid(_l("The first line must name the columns: %(names)s.", names=", ".join(COLUMNS)), "file")
    if len(rows) > LONGEST:
        raise Invalid(_l("At most %(most)s lines at once.", most=LONGEST), "file")
    return [_line(number, row) for number, row in enumerate(rows, 2)]


def _line(number: int, row: dict[Any, Any]) -> Line:
    cells = {name: hygiene.clean_line(row.get(name) or "")[:200] for name in COLUMNS}
    line = Line(number, cells["code"], cells["name"][:80], cells["level"], cells["parent"], now_code=cells["now_code"])
    line.counts = cells["counts_for_coverage"] in ("1", "yes", "true")
    if None in row or any(cell[:1] in ("=", "+", "-", "@") for cell in cells.values()):
        line.problems.append(_l("A cell looks like a formula, or the line has too many cells."))
    if not (line.code.isascii() and line.code.isdigit() and len(line.code) == 12):
        line.problems.append(_l("The code must have 12 digits."))
    try:
        line.effective = date.fromisoformat(cells["effective"])
    except ValueError:
        line.problems.append(_l("The day must be written like 2026-07-01."))
    return line


def judge(lines: list[Line], actor: Actor) -> list[Line]:
    """Says of each line what it would do, with its problems; writes nothing."""
    known = {row.code: row for row in db.session.scalars(select(Division))}
    offices = _offices()
    coming = {line.code: (line.level, line.parent) for line in lines}
    seen: set[str] = set()
    for line in lines:
        if line.code in seen:
            line.problems.append(_l("This code stands twice in the file."))
        seen.add(line.code)
        if not line.problems:
            _judge(line, known, offices, coming, actor)
    return lines


def _judge(line: Line, known: dict[str, Division], offices: dict[str, Organisation], coming: Any, actor: Actor) -> None:
    division = known.get(line.code)
    parent_code = line.parent or (division.parent_code if division else "") or ""
    late = line.effective is not None and line.effective > clock.today()
    if line.now_code:
        line.act = "abolish"
        if division is None or division.to_on:
            line.problems.append(_l("There is no division in force with this code."))
        if line.now_code not in known and line.now_code not in coming:
            line.problems.append(_l("The code it became is not known."))
        office = offices.get(line.code)
        if office is not None and queries.open_below(office):
            line.problems.append(_l("Something below it is still open: move or close that first."))
    elif division is None:
        line.act = "new"
        level = known[parent_code].level if parent_code in known else coming.get(parent_code, ("", ""))[0]
        if level not in PARENT_LEVELS.get(line.level, ()) or not line.name:
            line.problems.append(_l("A new division needs a name, its level and a parent of the level above."))
    else:
        line.act = "move" if line.parent and line.parent != division.parent_code else "rename"
        if line.act == "rename" and line.name == division.name:
            line.act = "nothing"
        if line.act == "move" and (
            line.parent not in known or known[line.parent].level not in PARENT_LEVELS.get(division.level, ())
        ):
            line.problems.append(_l("The new parent is not known or of the wrong level."))
        if late and line.act != "nothing":
            line.problems.append(_l("A new name or parent can be entered from its day on."))
        if not line.name:
            line.problems.append(_l("The name is missing."))
    for code in (line.code, line.parent or None):
        if code and not _covered(code, line, known, offices, coming, actor):
            line.problems.append(_l("This division lies outside your part of the tree."))
            return


def _covered(
    code: str, line: Line, known: dict[str, Division], offices: dict[str, Organisation], coming: Any, actor: Actor
) -> bool:
    """Whether the nearest office at or above a division lies under the actor's places."""
    step: str | None = code
    for _step in range(6):
        if step in offices:
            return actor.covers(offices[step].path)
        if step in known:
            step = known[step].parent_code
        else:
            step = line.parent if step == line.code else coming.get(step or "", (None, None))[1]
    return False


def apply(lines: list[Line], actor: Actor) -> Counter[str]:
    """Carries out an import whose every line is in order; divisions and offices change together, all or nothing.

    For an administrator of the places. Raises Invalid when a line has a problem. Leaves the changes in the trail.
    """
    policy.require(actor, P.ORGANISATION_MANAGE)
    judge(lines, actor)
    if any(line.problems for line in lines):
        raise Invalid(_l("Some lines cannot be taken. Correct the file and choose it again."), "file")
    told: Counter[str] = Counter()
    order = {"province": 0, "city": 1, "management_area": 1, "county": 2, "township": 3, "village": 4}
    for line in sorted(lines, key=lambda one: (one.act == "abolish", order.get(one.level, 9))):
        _ACTS[line.act](line)
        told[line.act] += 1
    audit.record(db.session, "divisions.imported", reason=", ".join(f"{act} {count}" for act, count in sorted(told.items())))
    db.session.flush()
    return told


def _new(line: Line) -> None:
    division = Division(
        code=line.code,
        name=line.name,
        level=line.level,
        parent_code=line.parent,
        source="import",
        from_on=line.effective,
        counts_for_coverage=line.counts,
    )
    db.session.add(division)
    db.session.flush()
    if line.level in OFFICES:
        upper = db.session.get(Division, line.parent)
        db.session.add(office_of(division, _office(line.parent), upper))
        db.session.flush()


def _rename(line: Line) -> None:
    division = db.session.get_one(Division, line.code)
    division.name = line.name
    office = _office(line.code)
    if office is not None:
        upper = db.session.get(Division, division.parent_code) if division.parent_code else None
        office.name = naming.office_name(office.kind, line.name, upper.name if upper and upper.level == "county" else "")
        office.short_name = line.name
    db.session.flush()
    _rename_stations(office)


def _rename_stations(office: Organisation | None) -> None:
    """Stations and points bear the new division names, unless their names were changed by hand with a reason."""
    if office is None:
        return
    query = select(Organisation).where(Organisation.kind.in_(("station", "service_point")), Organisation.name_reason.is_(None))
    query = query.where(Organisation.path >= office.path, Organisation.path < office.path[:-1] + "0")
    for row in db.session.scalars(query):
        names = queries.official_names(row)
        row.name = next((name for name in names if name[-1] == row.name[-1]), names[0])
        if row.kind == "station":
            row.short_name = naming.station_name("", queries.place_name(queries.parent_of(row)))[1]


def _move(line: Line) -> None:
    division = db.session.get_one(Division, line.code)
    division.name, division.parent_code = line.name, line.parent
    office, parent = _office(line.code), _office(line.parent)
    db.session.flush()
    if office is not None and parent is not None:
        tree.relocate(db.session, office, parent)
        _rename(line)


def _abolish(line: Line) -> None:
    division = db.session.get_one(Division, line.code)
    division.to_on, division.now_code = line.effective, line.now_code
    office = _office(line.code)
    if office is not None:
        office.closed_on = line.effective


def _nothing(_line: Line) -> None:
    """The file says what is so already."""


_ACTS = {"new": _new, "rename": _rename, "move": _move, "abolish": _abolish, "nothing": _nothing}


def _office(code: str | None) -> Organisation | None:
    query = select(Organisation).where(Organisation.division_code == code, Organisation.kind.in_(OFFICES))
    return db.session.scalar(query) if code else None


def _offices() -> dict[str, Organisation]:
    query = select(Organisation).where(Organisation.kind.in_(OFFICES), Organisation.division_code.is_not(None))
    return {row.division_code or "": row for row in db.session.scalars(query)}
