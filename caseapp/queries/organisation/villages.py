"""Places of an organisation's people: the villages of its township, and names of divisions."""

from collections.abc import Iterable

from sqlalchemy import or_, select

from caseapp.core.actor import Actor
from caseapp.extensions import db
from caseapp.models.organisation import Division, Organisation
from caseapp.queries.organisation.tree import exists_today
from caseapp.reference import naming


def of(actor: Actor) -> list[Division]:
    """The villages and communities that the actor's stations serve, by code."""
    own = select(Organisation).where(Organisation.path.in_(actor.paths))
    codes: set[str] = set()
    for row in db.session.scalars(own):
        codes |= {row.division_code} if row.division_code else set()
    query = select(Division).where(Division.level == "village", *exists_today())
    query = query.where(or_(Division.parent_code.in_(sorted(codes)), Division.code.in_(sorted(codes))))
    return list(db.session.scalars(query.order_by(Division.code)))


def choices(actor: Actor) -> list[tuple[str, str]]:
    """The same as (code, name as spoken), for a select."""
    return [(row.code, naming.spoken(row.name)) for row in of(actor)]


def names(codes: Iterable[str | None]) -> dict[str, str]:
    """Names of villages by code, as spoken."""
    wanted = sorted({code for code in codes if code})
    if not wanted:
        return {}
    query = select(Division.code, Division.name).where(Division.code.in_(wanted))
    return {row.code: naming.spoken(row.name) for row in db.session.execute(query)}


def exists(code: str) -> bool:
    """Whether a division has that code (old ones too: papers name them)."""
    return db.session.get(Division, code) is not None
