"""Who must say yes before a role starts (contract.md section 2): two statements, for however many roles are asked about."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from caseapp.access.roles import CASE_READING, ROLES
from caseapp.core import clock
from caseapp.models.organisation import Grant, GrantPlace, Organisation, User


class Confirmers:
    """The stations around some places and who heads them today, read once; answers for every role on these places.

    `session` is the request's, or a system session where nobody is bound.
    """

    def __init__(self, session: Any, paths: Iterable[str]) -> None:
        shared = _shared(paths)
        self._session = session
        self._stations = self._open_stations(session, shared)
        self._heads = self._heads_today(session, shared)

    def needed(self, role: str, user_id: UUID, paths: Iterable[str]) -> tuple[str, ...]:
        """The roles that must each say yes; none for roles that read no files, but a security admin for a bureau of another area.

        The station's head; for a head and for more than one station the county officer and a security admin. These two
        also stand in where the place has no station yet, or where its only head is the person concerned. A station
        without a head waits for one: its first head is confirmed by the county.
        """
        if ROLES[role].group == "bureau" and self._elsewhere(user_id, paths):
            return ("security_admin",)
        if role not in CASE_READING or role == "station_head":
            return ROLES[role].confirmed_by
        stations = self.stations(paths)
        if len(stations) != 1 or self._heads.get(next(iter(stations))) == {user_id}:
            return ("county_officer", "security_admin")
        return ("station_head",)

    def _elsewhere(self, user_id: UUID, paths: Iterable[str]) -> bool:
        """Whether some of the places lie outside the one that looks after the account."""
        home = self._session.scalar(select(User.home_path).where(User.id == user_id)) or ""
        return any(not path.startswith(home) for path in paths)

    def stations(self, paths: Iterable[str]) -> set[str]:
        """The stations that some places are, hold or belong to."""
        found = set()
        for path in paths:
            own = station_of(path)
            found |= {own} if own else {station for station in self._stations if station.startswith(path)}
        return found

    @staticmethod
    def _open_stations(session: Any, shared: str) -> frozenset[str]:
        query = select(Organisation.path).where(Organisation.kind == "station", Organisation.closed_on.is_(None))
        return frozenset(session.scalars(query.where(*_below(Organisation.path, shared))))

    @staticmethod
    def _heads_today(session: Any, shared: str) -> dict[str, set[UUID]]:
        today = clock.today()
        query = (
            select(GrantPlace.path, Grant.user_id)
            .join(Grant, GrantPlace.grant_id == Grant.id)
            .where(Grant.role == "station_head", Grant.state == "active", Grant.from_on <= today)
            .where(or_(Grant.to_on.is_(None), Grant.to_on >= today), *_below(GrantPlace.path, shared))
        )
        found: dict[str, set[UUID]] = {}
        for path, user_id in session.execute(query):
            found.setdefault(path, set()).add(user_id)
        return found


def station_of(path: str) -> str | None:
    """The station a path is or lies in; None for anything above stations."""
    steps = path.strip("/").split("/")
    for place, step in enumerate(steps):
        if place >= 2 and step[:1] == "s" and step[1:].isdigit():
            return "/" + "/".join(steps[: place + 1]) + "/"
    return None


def _shared(paths: Iterable[str]) -> str:
    """The deepest office above all of these places: what is read stays near them."""
    stepped = [(station_of(path) or path).strip("/").split("/") for path in paths]
    shared = []
    for step in zip(*stepped, strict=False):
        if len(set(step)) > 1:
            break
        shared.append(step[0])
    return "/" + "".join(f"{step}/" for step in shared)


def _below(column: Any, path: str) -> tuple[Any, ...]:
    return (column >= path, column < path[:-1] + "0")
