"""Names of users and of places in one statement: a file page needs both, and neither belongs to a person on file."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import String, cast, literal, select, union_all

from caseapp.extensions import db
from caseapp.models.organisation import Division, User


@dataclass(frozen=True)
class Names:
    """Names of users by id and of divisions by code."""

    people: dict[UUID, str]
    places: dict[str, str]


def of(users: Iterable[UUID | None], divisions: Iterable[str | None]) -> Names:
    """The names of these users and divisions."""
    ids, codes = sorted({u for u in users if u is not None}), sorted({d for d in divisions if d})
    if not ids and not codes:
        return Names({}, {})
    who = select(literal("user").label("kind"), cast(User.id, String(36)).label("key"), User.name.label("name"))
    where = select(literal("place"), Division.code, Division.name)
    rows = db.session.execute(union_all(who.where(User.id.in_(ids)), where.where(Division.code.in_(codes)))).all()
    return Names(
        {UUID(row.key): row.name for row in rows if row.kind == "user"},
        {row.key: row.name for row in rows if row.kind == "place"},
    )
