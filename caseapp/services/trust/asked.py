"""Two people for a risky act: one asks with a reason, another who is entitled agrees with a fresh proof, it is done once.

    row = asked.ask("disposal", path=…, subject_id=…, facts={…}, reason=command.reason, actor=actor)
    @asked.carries_out("disposal")                     # where agreeing carries it out (`at_once` in `access/asked.py`)
    def dispose(row: AskedAct, actor: Actor) -> None: …
    asked.use("list.export", subject_id, actor)        # else: the asker, once, before it lapses

What is carried out runs in the request of whoever agrees, under their row rules: work on rows they may not see goes through a
session of its own (`access/system.py`) or a job. All of it is in the trail.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from caseapp.access import fresh
from caseapp.access.asked import ASKED
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import Conflict, Forbidden, NotFound
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.trust import AskedAct
from caseapp.services.trust import audit

Carrier = Callable[[AskedAct, Actor], None]
CARRIERS: dict[str, Carrier] = {}


def carries_out(kind: str) -> Callable[[Carrier], Carrier]:
    """Says which function carries out a kind that is done by agreeing. It may refuse: then nothing is agreed either."""

    def say(carrier: Carrier) -> Carrier:
        CARRIERS[kind] = carrier
        return carrier

    return say


def ask(
    kind: str,
    *,
    path: str,
    reason: str,
    actor: Actor,
    subject_id: UUID | None = None,
    about_user_id: UUID | None = None,
    facts: dict[str, Any] | None = None,
) -> AskedAct:
    """A wish that waits for a second person.

    For a role that may ask for this kind, at a place of its own; never about the own account. Refuses a second wish about the same
    row while one waits. `facts` and `reason` hold nothing about a person on file.
    """
    chosen = ASKED[kind]
    if not chosen.may_ask(actor):
        raise Forbidden()
    if not actor.covers(path):
        raise NotFound()
    if about_user_id is not None and about_user_id == actor.user_id:
        raise Forbidden(_l("Not for your own account."))
    now = clock.now()
    _lapse(kind, subject_id)
    waits = select(AskedAct.id).where(AskedAct.kind == kind, AskedAct.subject_id == subject_id, AskedAct.state == "waiting")
    if subject_id is not None and db.session.scalar(waits) is not None:
        raise Conflict(_l("This was asked for already and waits for a second person."), code="asked_already")
    row = AskedAct(
        kind=kind,
        state="waiting",
        path=path,
        subject_id=subject_id,
        about_user_id=about_user_id,
        facts=facts,
        reason=reason,
        asked_by_id=actor.user_id,
        asked_role=actor.role,
        asked_at=now,
        expires_at=now + timedelta(days=chosen.days),
    )
    db.session.add(row)
    audit.record(db.session, "asked.asked", row, reason=kind)
    db.session.flush()
    return row


def agree(row_id: UUID, actor: Actor) -> AskedAct:
    """The second yes; what is done by agreeing is done with it.

    For another person whose role decides on this kind there, with a fresh proof (`access/fresh.py`). Refuses what is decided,
    taken back or over, and the own wish.
    """
    row = _for_decision(row_id, actor)
    _decide(row, actor, "agreed")
    audit.record(db.session, "asked.agreed", row, reason=row.kind)
    if ASKED[row.kind].at_once:
        CARRIERS[row.kind](row, actor)
        _done(row)
    db.session.flush()
    return row


def refuse(row_id: UUID, note: str, actor: Actor) -> AskedAct:
    """A no with its reason. For whoever could agree."""
    row = _for_decision(row_id, actor)
    _decide(row, actor, "refused")
    row.note = note
    audit.record(db.session, "asked.refused", row, reason=row.kind)
    db.session.flush()
    return row


def take_back(row_id: UUID, actor: Actor) -> AskedAct:
    """The asker wants it no more. Refuses what is done or refused already."""
    row = _locked(row_id)
    if row.asked_by_id != actor.user_id:
        raise NotFound()
    if row.state not in ("waiting", "agreed"):
        raise Conflict(_l("This is decided already."), code="asked_decided")
    row.state = "withdrawn"
    audit.record(db.session, "asked.withdrawn", row, reason=row.kind)
    db.session.flush()
    return row


def agreed(kind: str, subject_id: UUID, actor: Actor) -> AskedAct | None:
    """What the actor asked for about this row, was agreed, and is neither used nor over."""
    query = select(AskedAct).where(
        AskedAct.kind == kind,
        AskedAct.subject_id == subject_id,
        AskedAct.asked_by_id == actor.user_id,
        AskedAct.state == "agreed",
        AskedAct.expires_at > clock.now(),
    )
    return db.session.scalar(query.order_by(AskedAct.decided_at.desc()).limit(1))


def use(kind: str, subject_id: UUID, actor: Actor) -> AskedAct:
    """Takes what was agreed, once: the caller does the act in the same transaction. Forbidden where nobody agreed to it."""
    row = agreed(kind, subject_id, actor)
    if row is None:
        raise Forbidden(_l("A second person has to agree to this first."), code="second_person_needed")
    row = _locked(row.id)
    if row.state != "agreed":
        raise Conflict(_l("This was done already."), code="asked_decided")
    _done(row)
    db.session.flush()
    return row


def at_the_console(row: AskedAct, actor: Actor) -> None:
    """Carries a wish out without a second person: on the server's own console, where the caller found that nobody else could agree."""
    if actor.channel != "command":
        raise Forbidden()
    row.state, row.decided_role = "agreed", "console"
    CARRIERS[row.kind](row, actor)
    _done(row)
    db.session.flush()


def _decide(row: AskedAct, actor: Actor, state: str) -> None:
    row.state, row.decided_by_id, row.decided_role, row.decided_at = state, actor.user_id, actor.role, clock.now()


def _done(row: AskedAct) -> None:
    row.state, row.done_at = "done", clock.now()
    audit.record(db.session, "asked.done", row, reason=row.kind)


def _for_decision(row_id: UUID, actor: Actor) -> AskedAct:
    row = _locked(row_id)
    if row.asked_by_id == actor.user_id or row.about_user_id == actor.user_id:
        raise Forbidden(_l("The second yes must come from somebody else."), code="asked_own")
    if not ASKED[row.kind].may_decide(actor):
        raise Forbidden()
    if row.state != "waiting":
        raise Conflict(_l("This is decided already."), code="asked_decided")
    if row.expires_at <= clock.now():
        raise Conflict(_l("Nobody decided in time; it has to be asked for again."), code="asked_over")
    fresh.require(actor)
    return row


def _locked(row_id: UUID) -> AskedAct:
    """Locked, so that of two decisions at the same moment the second sees the first. NotFound outside the row rules."""
    row = db.session.scalar(
        select(AskedAct).where(AskedAct.id == row_id).with_for_update().execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound()
    return row


def _lapse(kind: str, subject_id: UUID | None) -> None:
    """A wish about the same row whose time is over makes room for the next."""
    over = update(AskedAct).where(AskedAct.kind == kind, AskedAct.subject_id == subject_id, AskedAct.state == "waiting")
    db.session.execute(over.where(AskedAct.expires_at <= clock.now()).values(state="withdrawn"))
