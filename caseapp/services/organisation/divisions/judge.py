"""What a table of changes would do: every line is tried on a picture of the divisions as the lines before it leave them."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import or_, select

from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.organisation import Division, DivisionChange, Grant, GrantPlace, Organisation
from caseapp.services.organisation.divisions.lines import Line
from caseapp.services.organisation.divisions.load import OFFICES, segment

PARENT_LEVELS = {
    "city": ("province",),
    "county": ("province", "city", "management_area"),  # a county under the province itself is managed by it
    "township": ("county", "management_area"),
    "village": ("township",),
    "management_area": ("province", "city"),
}


@dataclass(frozen=True)
class Place:
    """A division in the picture; `path` is that of its own office, if it has one."""

    name: str
    level: str
    parent: str
    counts: bool
    over: bool = False
    path: str = ""


class Picture:
    """Divisions, their offices, and what stands at them, read once; changed by each line that is tried."""

    def __init__(self) -> None:
        offices = select(Organisation.division_code, Organisation.path, Organisation.id).where(Organisation.kind.in_(OFFICES))
        rows = db.session.execute(offices.where(Organisation.division_code.is_not(None))).all()
        paths = {row.division_code: row.path for row in rows}
        columns = (Division.code, Division.name, Division.level, Division.parent_code, Division.counts_for_coverage)
        self.places = {
            row.code: Place(
                row.name,
                row.level,
                row.parent_code or "",
                row.counts_for_coverage,
                row.to_on is not None and row.to_on < clock.today(),
                paths.get(row.code, ""),
            )
            for row in db.session.execute(select(*columns, Division.to_on))
        }
        self.below = Counter(place.parent for place in self.places.values() if not place.over)
        self.hosts = self._hosts()
        self.ruled = self._ruled({row.id: row.division_code for row in rows})
        waiting = select(DivisionChange.code, DivisionChange.effective_on).where(DivisionChange.state == "waiting")
        self.waiting = {(row.code, row.effective_on) for row in db.session.execute(waiting)}

    @staticmethod
    def _hosts() -> set[str]:
        """The codes on which a station or service point stands that is open."""
        query = select(Organisation.division_code).where(Organisation.kind.in_(("station", "service_point")))
        return {code for code in db.session.scalars(query.where(Organisation.closed_on.is_(None))) if code}

    @staticmethod
    def _ruled(offices: dict[Any, str | None]) -> set[str]:
        """The codes at whose office a role is in force."""
        query = select(GrantPlace.organisation_id).join(Grant, Grant.id == GrantPlace.grant_id).where(Grant.state == "active")
        query = query.where(or_(Grant.to_on.is_(None), Grant.to_on >= clock.today()))
        return {code for key in db.session.scalars(query) if (code := offices.get(key))}

    def in_force(self, code: str) -> Place | None:
        """A division that is not abolished."""
        place = self.places.get(code)
        return place if place is not None and not place.over else None

    def office_path(self, code: str) -> str:
        """The path of the nearest office at or above a division."""
        for _step in range(6):
            place = self.places.get(code)
            if place is None:
                return ""
            if place.path:
                return place.path
            code = place.parent
        return ""

    def put(self, code: str, place: Place) -> None:
        """A division as it is from now on."""
        for known, one in ((self.places.get(code), -1), (place, 1)):
            if known is not None and not known.over:
                self.below[known.parent] += one
        self.places[code] = place


def judge(lines: list[Line], actor: Actor, *, stored: bool = False) -> list[Line]:
    """Says of each line what it would do, with its problems; writes nothing. `stored`: they are the waiting changes themselves."""
    picture = Picture()
    seen: set[tuple[str, date | None]] = set()
    for line in sorted(lines, key=lambda one: one.rank):
        if (line.code, line.effective) in seen:
            line.problems.append(_l("This code stands twice in the file for the same day."))
        elif not stored and (line.code, line.effective) in picture.waiting:
            line.problems.append(_l("A change of this code is waiting for that day already."))
        seen.add((line.code, line.effective))
        if not line.problems:
            _try(line, picture, actor)
            line.waits = line.act != "nothing" and line.effective is not None and line.effective > clock.today()
    return lines


def _try(line: Line, picture: Picture, actor: Actor) -> None:
    if line.now_code:
        line.act = "abolish"
        _abolish(line, picture)
    elif line.code not in picture.places:
        line.act = "new"
        _new(line, picture)
    else:
        _change(line, picture)
    line.path = picture.office_path(line.parent or line.code) or picture.office_path(line.code)
    touched = [line.code, *([line.parent] if line.parent else [])]
    if not all(actor.covers(picture.office_path(code)) for code in touched if code in picture.places):
        line.problems.append(_l("This division lies outside your part of the tree."))


def _new(line: Line, picture: Picture) -> None:
    parent = picture.in_force(line.parent)
    if not line.name or parent is None or parent.level not in PARENT_LEVELS.get(line.level, ()):
        line.problems.append(_l("A new division needs a name, its level and a parent of the level above."))
        return
    line.becomes = parent.name
    path = f"{picture.office_path(line.parent)}{segment(line.level, line.code)}/" if line.level in OFFICES else ""
    picture.put(line.code, Place(line.name, line.level, line.parent, bool(line.counts), path=path))


def _change(line: Line, picture: Picture) -> None:
    place = picture.in_force(line.code)
    if place is None:
        line.problems.append(_l("There is no division in force with this code."))
        return
    if line.level and line.level != place.level:
        line.problems.append(_l("The level of a division does not change: abolish it and enter a new one."))
    name, parent = line.name or place.name, line.parent or place.parent
    if parent != place.parent:
        line.act = "move"
        upper = picture.in_force(parent)
        if upper is None or upper.level not in PARENT_LEVELS.get(place.level, ()):
            line.problems.append(_l("The new parent is not known or of the wrong level."))
            return
        if place.level == "village" and line.code in picture.hosts:
            line.problems.append(_l("A service point stands there: move or close it first."))
        line.was, line.becomes = _name(picture, place.parent), upper.name
        if name != place.name:
            line.was, line.becomes = f"{place.name}, {line.was}", f"{name}, {line.becomes}"
    elif name != place.name:
        line.act, line.was, line.becomes = "rename", place.name, name
    elif line.counts is not None and line.counts != place.counts:
        line.act = "count"
    else:
        line.act = "nothing"
    counts = place.counts if line.counts is None else line.counts
    picture.put(line.code, replace(place, name=name, parent=parent, counts=counts))


def _abolish(line: Line, picture: Picture) -> None:
    place = picture.in_force(line.code)
    if place is None:
        line.problems.append(_l("There is no division in force with this code."))
        return
    if line.now_code == line.code or picture.in_force(line.now_code) is None:
        line.problems.append(_l("The code it became is not known."))
    if picture.below[line.code] or line.code in picture.hosts:
        line.problems.append(_l("Something below it is still open: move or close that first."))
    if line.code in picture.ruled:
        line.problems.append(_l("Roles on it are still in force: end them first."))
    line.was, line.becomes = place.name, _name(picture, line.now_code)
    picture.put(line.code, replace(place, over=True))


def _name(picture: Picture, code: str) -> str:
    place = picture.places.get(code)
    return place.name if place else ""
