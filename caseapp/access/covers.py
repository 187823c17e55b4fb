"""Standing in for an absent colleague until a day: the one place that says whose work an actor does beside the own.

Read with the grant whenever somebody comes to the door and compared by date, so that nothing has to run when the last day is
over. Worker's and head's roles only, at the station of the absence. It is never passed on: who stands in for B, who stands in for
A, opens B's own files and none of A's. What somebody opened for a purpose, or in an emergency, stays theirs alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import and_

from caseapp.access.roles import ROLES
from caseapp.models.organisation import Cover
from caseapp.models.trust import FileAccess

cover, access = Cover.__table__, FileAccess.__table__
STANDING_IN = tuple(code for code, role in ROLES.items() if role.rows in ("worker", "head"))


@dataclass(frozen=True)
class StandingIn:
    """Whose work an actor does beside the own: of all of them what is not restricted, of `restricted` everything."""

    users: frozenset[UUID] = frozenset()
    restricted: frozenset[UUID] = frozenset()


def running(table: Any, today: date) -> Any:
    """The expression for an absence that is covered on a day."""
    return and_(table.ended_at.is_(None), table.from_on <= today, table.to_on >= today)


def of_visitor(user: Any, grant: Any, today: date) -> Any:
    """That an absence is covered by this user under this grant."""
    return and_(cover.c.cover_id == user.c.id, running(cover.c, today), grant.c.role.in_(STANDING_IN))


def entries_of(user: Any) -> Any:
    """That an entry of a file's open list is the user's, or of somebody whose work the user does."""
    return (access.c.user_id == user.c.id) | and_(
        access.c.user_id == cover.c.absent_id, access.c.kind.not_in(("purpose", "glass"))
    )


def columns() -> tuple[Any, ...]:
    """What has to be read with a grant."""
    return (
        access.c.file_id,
        access.c.kind.label("access_kind"),
        access.c.user_id.label("access_user"),
        access.c.purpose.label("access_purpose"),
        cover.c.absent_id,
        cover.c.with_restricted,
        cover.c.path.label("cover_path"),
    )


def standing_in(rows: Iterable[Any], paths: Iterable[str]) -> StandingIn:
    """Whom the rows of a visitor name, at the places of the grant."""
    found = [row for row in rows if row.absent_id is not None and _under(row.cover_path, paths)]
    return StandingIn(frozenset(row.absent_id for row in found), frozenset(row.absent_id for row in found if row.with_restricted))


def open_files(rows: Iterable[Any], user_id: UUID, standing: StandingIn) -> tuple[frozenset[UUID], frozenset[UUID]]:
    """(files that are open, those of them in which what is restricted stays shut).

    A purpose lends a file; so does standing in for somebody, unless the head said that restricted files go along.
    """
    opened, whole = set(), set()
    for row in rows:
        if row.file_id is None or (row.access_user != user_id and row.access_user not in standing.users):
            continue
        opened.add(row.file_id)
        if row.access_kind != "purpose" and (row.access_user == user_id or row.access_user in standing.restricted):
            whole.add(row.file_id)
    return frozenset(opened), frozenset(opened - whole)


def purposes(rows: Iterable[Any], user_id: UUID) -> tuple[tuple[UUID, str], ...]:
    """(file, purpose) of what the user opened by naming one: what the trail says a read was for."""
    return tuple(sorted({(row.file_id, row.access_purpose) for row in rows if row.access_purpose and row.access_user == user_id}))


def _under(path: str, roots: Iterable[str]) -> bool:
    return any(path.startswith(root) or root.startswith(path) for root in roots)
