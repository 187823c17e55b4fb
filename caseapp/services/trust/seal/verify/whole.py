"""Looks through the whole trail, on as many processors as there are, and at what lies outside of every seal."""

import itertools
import os
from collections.abc import Collection
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from caseapp.access.system import system_session
from caseapp.adapters import keys
from caseapp.models.trust import AuditEntry, AuditNumber, AuditSeal, AuditWaiting
from caseapp.services.trust.seal.archive import checked as archived
from caseapp.services.trust.seal.verify.checkpoint import Checkpoint
from caseapp.services.trust.seal.verify.report import MOST, Report
from caseapp.services.trust.seal.verify.span import Span, in_process, look, settled_at

WORTH = 50_000  # entries from which a second process saves more than it costs to start


def verify(
    kept: Checkpoint | None = None,
    trusted: Collection[bytes] = (),
    processes: int | None = None,
    archives: Collection[Path] = (),
) -> Report:
    """Adds the whole chain up again, entry by entry.

    `kept` is a checkpoint from elsewhere, without which a tail that was cut off together with its seals cannot be missed.
    `trusted` are public keys of earlier times beside the one of now. `processes`: how many share the work; else one for each
    processor where it is worth it. `archives` are files of what the database has let go of; those that are not given are counted.
    """
    report = Report()
    known = frozenset({keys.ring().signer().public, *trusted})
    if kept is not None and bytes.fromhex(kept.key) not in known:
        report.add("checkpoint", "its key is not one of ours")
    with system_session("the trail is verified") as session:
        old = archived.known(session, known, report)
        looked = archived.check(session, old, archives, known, report)
        report.archived = old.last
        report.unread = sum(row.last - row.first + 1 for row in old.rows if row.number not in looked)
        top = session.execute(select(AuditSeal.batch, AuditSeal.last).order_by(AuditSeal.batch.desc()).limit(1)).first()
        if top is not None:
            whole = Span(old.batch, top.batch, known, settled_at(session), (kept.batch, kept.head) if kept else None)
            count = processes or (os.cpu_count() or 1 if top.last - old.last >= WORTH else 1)
            for part in _looked(session, _parts(session, whole, old.last, top.last, count)):
                report.join(part)
        if kept is not None and kept.batch > (top.batch if top else 0):
            report.add("checkpoint", f"seals {(top.batch if top else 0) + 1} to {kept.batch} are gone")
        _outside(session, report, top.last if top else 0)
    return report


def _parts(session: Session, whole: Span, ahead: int, last: int, count: int) -> list[Span]:
    """The whole in spans of about as many entries each."""
    cuts = [whole.after]
    for step in range(1, count):
        query = (
            select(AuditSeal.batch)
            .where(AuditSeal.last >= ahead + (last - ahead) * step // count)
            .order_by(AuditSeal.batch)
            .limit(1)
        )
        cuts.append(session.scalars(query).first() or whole.to)
    bounds = sorted({*cuts, whole.to})
    return [replace(whole, after=after, to=to) for after, to in itertools.pairwise(bounds)]


def _looked(session: Session, parts: list[Span]) -> list[Report]:
    if len(parts) < 2:
        return [look(session, part) for part in parts]
    bind: Any = session.get_bind()
    address = bind.engine.url.render_as_string(hide_password=False)  # through a pipe, not on a command line
    with ProcessPoolExecutor(len(parts), mp_context=get_context("spawn")) as pool:
        return list(pool.map(in_process, [address] * len(parts), parts))


def _outside(session: Session, report: Report, last: int) -> None:
    """Entries without a number: those that wait, and those that came in past the trigger; and numbers that no seal holds."""
    held = select(AuditSeal.batch).where(AuditSeal.first <= AuditNumber.number, AuditSeal.last >= AuditNumber.number).exists()
    loose = select(AuditNumber.number).where(AuditNumber.number > last, ~held).order_by(AuditNumber.number).limit(MOST)
    for number in session.scalars(loose):
        report.add("inserted", f"number {number}: no seal holds it")
    waits = select(AuditWaiting.entry_id)
    report.waiting = session.scalar(select(func.count()).select_from(AuditWaiting)) or 0
    report.oldest = session.scalar(select(func.min(AuditEntry.at)).where(AuditEntry.id.in_(waits)))
    past = (
        select(AuditEntry.id)
        .outerjoin(AuditNumber, AuditNumber.entry_id == AuditEntry.id)
        .where(AuditNumber.number.is_(None), AuditEntry.id.not_in(waits))
        .limit(MOST)
    )
    entry: UUID
    for entry in session.scalars(past):
        report.add("inserted", f"entry {entry}: it was never numbered and does not wait")
    gone = (
        select(AuditWaiting.entry_id).outerjoin(AuditEntry, AuditEntry.id == AuditWaiting.entry_id).where(AuditEntry.id.is_(None))
    )
    for entry in session.scalars(gone.limit(MOST)):
        report.add("removed", f"entry {entry}: it waited for its number")
