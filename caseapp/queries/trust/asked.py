"""Acts that need two people, as their pages show them: what waits for me, what I asked for, one of them."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import aliased

from caseapp.access.asked import ASKED, Asked, decided_by
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import NotFound
from caseapp.extensions import db
from caseapp.models.organisation import Organisation, User
from caseapp.models.trust import AskedAct

MOST = 200


@dataclass(frozen=True)
class Told:
    """A wish with the names of who is in it, and its place."""

    row: AskedAct
    asked_by: str
    about: User | None
    decided_by: str | None
    place: str | None

    @property
    def kind(self) -> Asked:
        """What it is."""
        return ASKED[self.row.kind]

    @property
    def is_over(self) -> bool:
        """Whether it lapsed undecided, or unused."""
        return self.row.state in ("waiting", "agreed") and self.row.expires_at <= clock.now()

    def is_mine_to_decide(self, actor: Actor) -> bool:
        """Whether this actor may agree or refuse now."""
        others = actor.user_id not in (self.row.asked_by_id, self.row.about_user_id)
        return others and self.row.state == "waiting" and not self.is_over and self.kind.may_decide(actor)


def waiting(actor: Actor) -> list[Told]:
    """What waits for this actor's yes or no, the oldest first."""
    kinds = decided_by(actor)
    if not kinds:
        return []
    query = _told().where(AskedAct.state == "waiting", AskedAct.expires_at > clock.now(), AskedAct.kind.in_(kinds))
    found = _read(query.order_by(AskedAct.asked_at, AskedAct.id).limit(MOST))
    return [told for told in found if told.is_mine_to_decide(actor)]


def mine(actor: Actor) -> list[Told]:
    """What the actor asked for, the newest first."""
    query = _told().where(AskedAct.asked_by_id == actor.user_id)
    return _read(query.order_by(AskedAct.asked_at.desc(), AskedAct.id.desc()).limit(30))


def one(row_id: UUID) -> Told:
    """One of those in sight; NotFound otherwise."""
    found = _read(_told().where(AskedAct.id == row_id))
    if not found:
        raise NotFound()
    return found[0]


def _told() -> Any:
    asker, decider = aliased(User), aliased(User)
    return (
        select(AskedAct, asker.name, User, decider.name, Organisation.name)
        .join(asker, asker.id == AskedAct.asked_by_id)
        .outerjoin(User, User.id == AskedAct.about_user_id)
        .outerjoin(decider, decider.id == AskedAct.decided_by_id)
        .outerjoin(Organisation, Organisation.path == AskedAct.path)
    )


def _read(query: Any) -> list[Told]:
    return [Told(*row) for row in db.session.execute(query)]
