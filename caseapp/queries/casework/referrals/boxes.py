"""The two boxes of a station, and what of them waits for somebody: a constant number of statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased

from caseapp.access.scope import under
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.paging import Page
from caseapp.extensions import db
from caseapp.models.casework import Case, Client, OutsideBody, Referral, ReferralPacket, ReferralRequest
from caseapp.models.casework.referral import RUNNING
from caseapp.models.organisation import Organisation
from caseapp.queries.paging import LIMIT, page

DESK = 12
SENDER, RECEIVER = aliased(Organisation), aliased(Organisation)


@dataclass(frozen=True)
class Line:
    """A referral ready for a list: whose, as far as the reader may know, and both ends by name."""

    row: Referral
    name: str | None
    sender: str
    receiver: str
    mine: bool  # sent by the reader's station

    @property
    def late(self) -> bool:
        """Unanswered beyond its day."""
        day = self.row.answer_by
        return self.row.status == "sent" and day is not None and day < clock.today()


def box(actor: Actor, which: str, status: str | None, cursor: str | None = None, limit: int = LIMIT) -> Page[Referral]:
    """One page of what came in or went out, the newest first."""
    station = Referral.to_station_id if which == "in" else Referral.from_station_id
    query = select(Referral).where(station.in_(actor.stations))
    query = query.where(_came_in(actor) if which == "in" else under(actor, Referral.from_path))
    if status:
        query = query.where(Referral.status == status)
    return page(db.session, query, [Referral.id], cursor, limit, descending=True)


def _came_in(actor: Actor) -> Any:
    return and_(under(actor, Referral.to_path), Referral.reached.is_(True))


def counting(actor: Actor) -> Any:
    """How many wait for the actor's answer: a scalar query that rides along with another."""
    return select(func.count(Referral.id)).where(_came_in(actor), Referral.status == "sent").scalar_subquery()


def desk(actor: Actor) -> list[Line]:
    """What waits: to be answered here, unanswered beyond its day there, taken in while the case still stands here."""
    waiting = and_(_came_in(actor), Referral.status == "sent")
    mine = under(actor, Referral.from_path)
    late = and_(mine, Referral.status == "sent", Referral.answer_by < clock.today())
    to_go = and_(mine, Referral.case_to_go.is_(True))
    query = _named().where(or_(waiting, late, to_go)).order_by(Referral.answer_by, Referral.id).limit(DESK)
    return _lines(query, actor)


def lines(rows: Sequence[Referral], actor: Actor) -> list[Line]:
    """The rows with names, in their order: at most two statements."""
    if not rows:
        return []
    found = {line.row.id: line for line in _lines(_named().where(Referral.id.in_([row.id for row in rows])), actor)}
    return [found[row.id] for row in rows]


def _named() -> Any:
    """Referrals with whose they are, as far as the sender's side is the reader's, and both ends."""
    return (
        select(Referral, Client, SENDER.short_name, RECEIVER.short_name, OutsideBody.name)
        .join(SENDER, SENDER.id == Referral.from_station_id)
        .outerjoin(RECEIVER, RECEIVER.id == Referral.to_station_id)
        .outerjoin(OutsideBody, OutsideBody.id == Referral.body_id)
        .outerjoin(ReferralRequest, ReferralRequest.referral_id == Referral.id)
        .outerjoin(Client, Client.id == ReferralRequest.client_id)
    )


def _lines(query: Any, actor: Actor) -> list[Line]:
    rows = list(db.session.execute(query))
    unknown = [row[0].id for row in rows if row[1] is None]
    names = {}
    if unknown:
        for packet in db.session.scalars(select(ReferralPacket).where(ReferralPacket.referral_id.in_(unknown))):
            names[packet.referral_id] = packet.content["sections"]["person"]["name"]
    return [
        Line(
            row,
            client.name if client is not None else names.get(row.id),
            sender,
            receiver or body or "",
            actor.covers(row.from_path),
        )
        for row, client, sender, receiver, body in rows
    ]


def of_case(case: Case) -> list[Referral]:
    """Referrals that went out from a case, the newest first."""
    query = select(Referral).join(ReferralRequest, ReferralRequest.referral_id == Referral.id)
    return list(db.session.scalars(query.where(ReferralRequest.case_id == case.id).order_by(Referral.id.desc()).limit(50)))


def unanswered(case: Case) -> list[Referral]:
    """Those of a case that nobody has answered, drafts too: what closing asks about."""
    return [row for row in of_case(case) if row.status in ("draft", "sent")]


def running(case: Case) -> list[Referral]:
    """Those of a case that were taken in."""
    return [row for row in of_case(case) if row.status in RUNNING]
