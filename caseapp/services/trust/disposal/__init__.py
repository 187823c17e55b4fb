"""Disposal of what need not be kept any more: a list, a wish with a reason, a second person's yes, deletion for good, a certificate."""

from types import SimpleNamespace
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from caseapp.access.permissions import Permission
from caseapp.access.system import joined
from caseapp.adapters import keys
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import Conflict, Forbidden, Invalid, NotFound
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models import casework as c
from caseapp.models.trust import AskedAct, DisposalCertificate, LegalHold
from caseapp.queries.organisation.settings import At
from caseapp.services.trust import asked, audit
from caseapp.services.trust.disposal.due import MOST, PERIODS, Due, due, is_held
from caseapp.services.trust.disposal.erase import erase, left

__all__ = ["MOST", "Due", "ask", "due", "erase", "hold", "is_held", "left", "lift"]
KIND = "disposal"


def hold(client: c.Client, reason: str, actor: Actor) -> LegalHold:
    """From now on this person's data stay, whatever the periods say. For whoever may ask for disposal; refuses a second hold."""
    if not actor.may(Permission.DISPOSAL_ASK):
        raise Forbidden()
    if is_held(db.session, client.id):
        raise Conflict(_l("A hold stands already."), code="held_already")
    if not reason.strip():
        raise Invalid(_l("Say why these data must be kept."), "reason")
    row = LegalHold(client_id=client.id, from_on=clock.today(), created_at=clock.now(), created_by_id=actor.user_id)
    row.reason = reason.strip()[:500]
    row.belongs_to(client)
    db.session.add(row)
    audit.record(db.session, "hold.set", client)
    db.session.flush()
    return row


def lift(client: c.Client, actor: Actor) -> None:
    """The hold stands no more. For whoever may ask for disposal; refuses where none stands."""
    if not actor.may(Permission.DISPOSAL_ASK):
        raise Forbidden()
    row = db.session.scalar(select(LegalHold).where(LegalHold.client_id == client.id, LegalHold.lifted_on.is_(None)))
    if row is None:
        raise Conflict(_l("There is no hold on these data."), code="not_held")
    row.lifted_on, row.lifted_by_id = clock.today(), actor.user_id
    audit.record(db.session, "hold.lifted", client)
    db.session.flush()


def ask(path: str, clients: list[UUID], reason: str, actor: Actor) -> AskedAct:
    """The wish that these persons' data be deleted. Every one of them must be due at this place today."""
    known = {one.client_id for one in due(path, clock.today())}
    if not clients or not set(clients) <= known:
        raise Invalid(_l("Only persons on the list of those whose time is over can be chosen."), "clients")
    facts = {"clients": sorted(map(str, clients))}
    return asked.ask(KIND, path=path, reason=reason, actor=actor, subject_id=uuid7(), facts=facts)


@asked.carries_out(KIND)
def carry_out(row: AskedAct, actor: Actor) -> None:
    """Deletes, and writes the certificate. Refuses as a whole when one of the persons is no longer due: on file again, or held."""
    wanted = {UUID(one) for one in row.facts["clients"]}
    still = {one.client_id for one in due(row.path, clock.today())}
    if not wanted <= still:
        raise Conflict(_l("Meanwhile one of these persons is on file again or held. Make the list anew."), code="not_due")
    with joined("disposal: two persons agreed") as session:
        people = session.scalars(select(c.Client).where(c.Client.id.in_(wanted))).all()
        if len(people) != len(wanted):
            raise NotFound()
        files = [SimpleNamespace(file_id=one.id, station_path=one.station_path) for one in people]
        cases = len(session.scalars(select(c.Case.id).where(c.Case.client_id.in_(wanted))).all())
        deleted = erase(session, wanted)
        _certify(session, row, actor, sorted(wanted), cases, deleted)
    for file in files:
        audit.record(db.session, "file.disposed", file)


def _certify(session: Session, row: AskedAct, actor: Actor, clients: list[UUID], cases: int, deleted: dict[str, int]) -> None:
    at = At(row.path)
    session.add(
        DisposalCertificate(
            path=row.path,
            asked_id=row.id,
            persons=len(clients),
            cases=cases,
            deleted=dict(sorted(deleted.items())),
            periods={name: int(at[name]) for name in PERIODS},
            mark=keys.ring().index("disposal", " ".join(map(str, clients))).hex(),
            asked_by_id=row.asked_by_id,
            agreed_by_id=actor.user_id,
            done_at=clock.now(),
        )
    )
