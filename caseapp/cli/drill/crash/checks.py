"""What must hold after every kill: what was answered for is there and whole, nothing is there twice or by half, the trail is whole."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import func, select

from caseapp.access.system import system_session
from caseapp.cli.drill.crash.writers import Call
from caseapp.models import casework as c
from caseapp.models.trust import AuditEntry, StoredResult
from caseapp.services.trust import seal

KEY = "api:drill-"


def lost(calls: Iterable[Call]) -> list[str]:
    """What was answered with 201 and is not there as it was answered."""
    answered = {f"api:{call.key}": call for call in calls if call.answer is not None}
    faults: list[str] = []
    with system_session("drill crash: what was answered for") as session:
        stored = set(session.scalars(select(StoredResult.key).where(StoredResult.key.startswith(KEY))))
        for key, call in answered.items():
            if key not in stored:
                faults.append(f"{key}: acknowledged, but its result is not remembered")
                continue
            faults += [f"{key}: {words}" for words in _one(session, call)]
    return faults


def _one(session: Any, call: Call) -> list[str]:
    answer: dict[str, Any] = call.answer or {}
    if call.kind == "client":
        client = session.get(c.Client, UUID(answer["id"]))
        if client is None:
            return ["the person is not there"]
        return [] if client.name == call.body["name"] and client.address == call.key else ["the person is another one"]
    wanted = [answer["id"]] if call.kind == "visit" else [one["id"] for one in answer["visits"]]
    found = session.scalars(select(c.Visit).where(c.Visit.id.in_([UUID(one) for one in wanted]))).all()
    if len(found) != len(wanted):
        return [f"{len(found)} of {len(wanted)} visits are there"]
    return [] if all(visit.note == call.key for visit in found) else ["the words of a visit are others"]


def before(since: datetime) -> set[UUID]:
    """Persons and visits that are there when the drill begins and say that they were written later: a demo's of this afternoon."""
    with system_session("drill crash: what was there") as session:
        return {
            key for model in (c.Client, c.Visit) for key in session.scalars(select(model.id).where(model.created_at >= since))
        }


def halves(calls: Iterable[Call], since: datetime, known: Collection[UUID] = ()) -> list[str]:
    """Rows written since the drill began that lack what is written in the same transaction, or that came twice, answered for or not."""
    sent = list(calls)
    faults: list[str] = []

    def count(query: Any, words: str) -> None:
        number = session.scalar(query)
        if number:
            faults.append(f"{number} {words}")

    with system_session("drill crash: halves") as session:
        keys = select(StoredResult.key).where(StoredResult.key.startswith(KEY))
        ours = sa.and_(c.Client.created_at >= since, c.Client.id.not_in(known))
        stays = select(func.count()).where(c.Enrolment.client_id == c.Client.id).correlate(c.Client).scalar_subquery()
        count(select(func.count()).select_from(c.Client).where(ours, stays != 1), "persons without one stay on file")
        visits = sa.and_(c.Visit.created_at >= since, c.Visit.id.not_in(known))
        for model, what in ((c.VisitPerson, "persons"), (c.ServiceRecord, "services")):
            there = select(func.count()).where(model.visit_id == c.Visit.id).correlate(c.Visit).scalar_subquery()
            count(select(func.count()).select_from(c.Visit).where(visits, there != 1), f"visits without their {what}")
        done = {key.removeprefix("api:") for key in session.scalars(keys)}
        carried = [call for call in sent if call.key in done]
        clients = session.scalar(select(func.count()).select_from(c.Client).where(ours))
        if clients != sum(call.kind == "client" for call in carried):
            faults.append(f"{clients} persons from {sum(call.kind == 'client' for call in carried)} calls")
        wanted = sum({"client": 0, "visit": 1, "round": 2}[call.kind] for call in carried)
        made = session.scalar(select(func.count()).select_from(c.Visit).where(visits))
        if made != wanted:
            faults.append(f"{made} visits where the calls made {wanted}")
        entries = session.scalar(
            select(func.count()).where(AuditEntry.kind == "change", AuditEntry.channel == "api", AuditEntry.at >= since)
        )
        if entries != len(carried):
            faults.append(f"{entries} entries of the trail for {len(carried)} writes")
    return faults


def chain(*, sealed: bool = False) -> list[str]:
    """What is wrong in the trail; with `sealed`, whatever waits is sealed first and nothing may be left."""
    if sealed:
        seal.seal_all()
    report = seal.verify()
    faults = [f"trail: {fault.kind} {fault.where}" for fault in report.faults]
    return faults + ([f"trail: {report.waiting} entries wait"] if sealed and report.waiting else [])
