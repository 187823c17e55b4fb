"""The second person's part: looks at risk and loss of what was made, hands it out or declines; and what comes after."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select

from caseapp.access import policy
from caseapp.access.outside import lifted
from caseapp.access.permissions import Permission
from caseapp.access.system import system_session
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import Conflict, Forbidden, Gone
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.statistics import StatExtract, StatExtractCase, StatExtractFetch
from caseapp.queries.statistics import extracts as queries
from caseapp.schemas.statistics.extract import ApproveExtract, EndExtract, FetchExtract
from caseapp.services.organisation.sign_in import confirm
from caseapp.services.statistics.extract import files, kept
from caseapp.services.statistics.extract.measure import measure
from caseapp.services.statistics.extract.union import measure_union
from caseapp.services.statistics.release import require_highest
from caseapp.services.trust import audit

CHUNK = 2000


def approve(extract_id: UUID, command: ApproveExtract, actor: Actor, *, address: str) -> None:
    """What was made is handed out from now on, by an officer of the highest bureau who did not make it and gives the own
    password once more. Its view is stamped `reading`: attempts and the approval are transactions of their own.

    The sealed bytes are measured once more, alone and with every extract that is out by now. Refuses a preparation that lapsed
    and a case that another extract has shown meanwhile.
    """
    policy.require(actor, Permission.EXTRACT_MAKE)
    queries.extract(actor, extract_id)
    with system_session("statistics extract: may it be handed out") as session:
        _waiting(session, extract_id, actor)
    confirm(actor, command.password, address=address)
    db.session.rollback()
    reason = "statistics extract: handed out, its cases marked as spent"
    with lifted(reason), system_session(reason, write=True) as session:
        row = _waiting(session, extract_id, actor)
        marks = _measured_again(session, row)
        for start in range(0, len(marks), CHUNK):
            part = [{"case_mark": bytes.fromhex(mark), "extract_id": row.id} for mark in marks[start : start + CHUNK]]
            session.execute(insert(StatExtractCase), part)
        row.state, row.expires_on = "approved", clock.today() + timedelta(days=row.file_days)
        row.checked_by_id, row.checked_by, row.checked_at = actor.user_id, actor.user_name, clock.now()
        audit.record(session, "statistics.extract_approved", row, reason=f"{row.number}: {row.purpose}")
        audit.finish(session, actor)


def decline(extract_id: UUID, command: EndExtract, actor: Actor) -> StatExtract:
    """What was made is not handed out, for a stated reason, by somebody else than who made it; its bytes are deleted."""
    policy.require(actor, Permission.EXTRACT_MAKE)
    row = queries.extract(actor, extract_id)
    _require_waiting(row, actor)
    row.state, row.answer, row.ended_at = "declined", command.words, clock.now()
    row.checked_by_id, row.checked_by, row.checked_at = actor.user_id, actor.user_name, clock.now()
    row.content_enc = row.kept_enc = None
    audit.record(db.session, "statistics.extract_declined", row, reason=f"{row.number}: {command.words}")
    db.session.flush()
    return row


def withdraw(extract_id: UUID, command: EndExtract, actor: Actor) -> StatExtract:
    """There is no file any more from now on: its bytes are deleted. What was fetched before is out; its cases stay spent."""
    policy.require(actor, Permission.EXTRACT_MAKE)
    row = queries.extract(actor, extract_id)
    if row.state != "approved":
        raise Conflict(_l("Only an extract that is handed out can be withdrawn."), code="not_out")
    row.state, row.answer, row.ended_at, row.content_enc = "withdrawn", command.words, clock.now(), None
    audit.record(db.session, "statistics.extract_withdrawn", row, reason=f"{row.number}: {command.words}")
    db.session.flush()
    return row


def fetch(extract_id: UUID, command: FetchExtract, actor: Actor) -> tuple[StatExtract, bytes]:
    """The archive, for a stated purpose; each fetch is a row of its own and an event of the trail. Gone when it is over."""
    policy.require(actor, Permission.EXTRACT_MAKE)
    row = queries.extract(actor, extract_id)
    if row.state in ("withdrawn", "expired") or (row.expires_on and row.expires_on <= clock.today()):
        raise Gone(_l("This file is deleted; who fetched it is still known."))
    if row.state != "approved":
        raise Conflict(_l("This extract is not handed out."), code="not_out")
    content = kept.unseal(row, "content_enc")
    db.session.add(
        StatExtractFetch(
            extract_id=row.id,
            path=row.path,
            user_id=actor.user_id,
            user_name=actor.user_name,
            purpose=command.purpose,
            at=clock.now(),
            sha256=row.sha256,
        )
    )
    audit.record(
        db.session, "statistics.extract_fetched", row, reason=f"{row.number} {(row.sha256 or '')[:12]}: {command.purpose}"
    )
    db.session.flush()
    return row, content


def _measured_again(session: Any, row: StatExtract) -> list[str]:
    """The marks of its cases; Conflict where the bytes do not keep the rules beside what is out by now."""
    chosen, levels = kept.chosen_of(row), dict(row.levels)
    handed, marks = kept.read(row)
    content = files.rows_in(kept.unseal(row, "content_enc"))
    limits = kept.limits_of(chosen, levels)
    measured = measure(content, chosen.quasi, chosen.sensitive, limits, handed.marks)
    if measured.faults or measure_union([*kept.earlier(session), handed], limits):
        raise Conflict(
            _l("Together with what was handed out meanwhile this file would tell too much; weigh it anew."), code="behind"
        )
    shown = set(session.scalars(select(StatExtractCase.case_mark)))
    if any(bytes.fromhex(mark) in shown for mark in marks):
        raise Conflict(_l("Some of its cases were handed out in another extract meanwhile; weigh it anew."), code="behind")
    return marks


def _waiting(session: Any, extract_id: UUID, actor: Actor) -> StatExtract:
    require_highest(session, actor)
    row: StatExtract = session.scalars(select(StatExtract).where(StatExtract.id == extract_id).with_for_update()).one()
    _require_waiting(row, actor)
    return row


def _require_waiting(row: StatExtract, actor: Actor) -> None:
    if row.state != "prepared" or (row.lapses_on and row.lapses_on <= clock.today()):
        raise Conflict(_l("Nothing waits here for a second person."), code="not_ready")
    if row.made_by_id == actor.user_id:
        raise Forbidden(_l("Whoever made an extract cannot hand it out or decline it; another officer of the bureau does."))
