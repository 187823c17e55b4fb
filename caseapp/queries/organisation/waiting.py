"""What waits for an administrator: stations without a head, newcomers whose first code ran out; and what came of roles."""

from datetime import datetime
from typing import Any

from sqlalchemy import exists, not_, or_, select

from caseapp.access.scope import under
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.extensions import db
from caseapp.models.organisation import Grant, GrantConfirmation, GrantPlace, OneTimeCode, Organisation, User

MOST = 20


def headless(actor: Actor, limit: int = MOST) -> list[Organisation]:
    """Open stations under the actor's places that nobody heads or is proposed to head, by path."""
    today = clock.today()
    heads = (
        select(Grant.id)
        .join(GrantPlace, GrantPlace.grant_id == Grant.id)
        .where(
            Grant.role == "station_head",
            Grant.state.in_(("active", "proposed")),
            or_(Grant.to_on.is_(None), Grant.to_on >= today),
            GrantPlace.organisation_id == Organisation.id,
        )
    )
    query = select(Organisation).where(Organisation.kind == "station", Organisation.closed_on.is_(None))
    query = query.where(under(actor, Organisation.path), not_(heads.exists()))
    return list(db.session.scalars(query.order_by(Organisation.path).limit(limit)))


def never_came(actor: Actor, limit: int = MOST) -> list[User]:
    """Accounts under the actor's places whose first code ran out unused, with none that is used or still good."""
    now = clock.now()
    mine = OneTimeCode.user_id == User.id
    ran_out = exists().where(mine, OneTimeCode.purpose == "first", OneTimeCode.used_at.is_(None), OneTimeCode.expires_at <= now)
    good = exists().where(mine, or_(OneTimeCode.used_at.is_not(None), OneTimeCode.expires_at > now))
    query = select(User).where(under(actor, User.home_path), User.disabled_at.is_(None), ran_out, not_(good))
    return list(db.session.scalars(query.order_by(User.username).limit(limit)))


def decided(actor: Actor, since: datetime, limit: int = 8) -> list[Any]:
    """Yes and no of others to roles near the actor since a moment, the latest first: rows (name, role, agreed, at, user_id)."""
    query = (
        select(User.name, Grant.role, GrantConfirmation.agreed, GrantConfirmation.at, User.id.label("user_id"))
        .join(Grant, Grant.id == GrantConfirmation.grant_id)
        .join(User, User.id == Grant.user_id)
        .where(GrantConfirmation.at >= since, GrantConfirmation.by_id != actor.user_id, Grant.user_id != actor.user_id)
    )
    return list(db.session.execute(query.order_by(GrantConfirmation.at.desc(), GrantConfirmation.id.desc()).limit(limit)))
