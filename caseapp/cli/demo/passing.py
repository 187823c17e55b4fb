"""What passes between colleagues of the first station: handovers in every state, an absence that is covered, and somebody who left."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseapp.cli.demo.names import Namer
from caseapp.cli.demo.places import Place
from caseapp.cli.demo.source import Source, at, pool, sealed
from caseapp.models import casework as c
from caseapp.models import organisation as o

ORDINARY = ("P1", "P2")
OFFERS = (  # who gives, who takes, how it stands, how many days ago, how many persons
    ("colleague", "worker", "waiting", 1, 2),
    ("worker", "colleague", "waiting", 2, 3),
    ("worker", "colleague", "declined", 9, 1),
    ("worker", "colleague", "accepted", 40, 2),
    ("colleague", "worker", "ordered", 60, 3),
)
LEFT = 4  # persons still in the name of who left


def passing(session: Session, source: Source, place: Place, worker: UUID) -> None:
    """Writes the rows; who is responsible today is what the files say, so past handovers are of files that lie where they went."""
    colleague = next((user for user in place.workers if user != worker), None)
    if colleague is None:
        return
    users, words = {"worker": worker, "colleague": colleague}, pool("passing")
    files = {name: _people(session, place, user) for name, user in users.items()}
    _left(session, source, place, files["worker"][:LEFT])
    files["worker"] = files["worker"][LEFT:]
    for number, (giver, taker, state, days, count) in enumerate(OFFERS):
        holder = taker if state in ("accepted", "ordered") else giver
        people, files[holder] = files[holder][:count], files[holder][count:]
        if not people:
            continue
        frame = _frame(session, source, place, (users[giver], users[taker]), days, words["reasons"][number % 3], state)
        for person in people:
            _item(session, source, frame, person, state, words.get(state))
    _absence(session, source, place, (colleague, worker), words["note"])
    session.flush()


def _people(session: Session, place: Place, user: UUID) -> list[c.Client]:
    """Ordinary persons on file of one worker, in the order of their numbers; the first few are left alone for other stories."""
    query = select(c.Client).where(c.Client.station_path == place.path, c.Client.worker_id == user, c.Client.state == "on_file")
    query = query.where(c.Client.klass.in_(ORDINARY)).order_by(c.Client.file_no)
    return list(session.scalars(query.offset(2).limit(40)))


def _frame(
    session: Session, source: Source, place: Place, who: tuple[UUID, UUID], days: int, reason: str, state: str
) -> c.Handover:
    when = at(source.today - timedelta(days=days), 560)
    key = source.key(when)
    row = c.Handover(
        id=key,
        kind="ordered" if state == "ordered" else "offered",
        organisation_id=place.id,
        path=place.path,
        from_id=who[0],
        to_id=who[1],
        reason_enc=sealed("handover", "reason_enc", key, reason),
        created_at=when,
        created_by_id=place.head if state == "ordered" else who[0],
    )
    session.add(row)
    session.flush()
    return row


def _item(session: Session, source: Source, frame: c.Handover, person: c.Client, state: str, said: str | None) -> None:
    when = frame.created_at + timedelta(hours=20)
    key = source.key(frame.created_at)
    row = c.HandoverItem(
        id=key,
        handover_id=frame.id,
        client_id=person.id,
        from_id=frame.from_id,
        to_id=frame.to_id,
        state=state,
        told_on=source.today - timedelta(days=1) if state == "waiting" else when.date(),
    )
    if state != "waiting":
        row.answered_at, row.answered_by_id = when, frame.created_by_id if state == "ordered" else frame.to_id
        row.answer_enc = sealed("handover_item", "answer_enc", key, said)
    row.belongs_to(person)
    session.add(row)


def _absence(session: Session, source: Source, place: Place, who: tuple[UUID, UUID], note: str) -> None:
    when = at(source.today - timedelta(days=2), 500)
    row: Any = o.Cover(
        id=source.key(when),
        organisation_id=place.id,
        path=place.path,
        absent_id=who[0],
        cover_id=who[1],
        reason="leave",
        note=note,
    )
    row.from_on, row.to_on = source.today - timedelta(days=1), source.today + timedelta(days=6)
    row.created_at, row.created_by_id = when, place.head
    session.add(row)


def _left(session: Session, source: Source, place: Place, people: list[c.Client]) -> None:
    """A colleague whose role ended last week; some persons are in that name still, which the head's Today says."""
    began, ended = source.today - timedelta(days=700), source.today - timedelta(days=7)
    user = o.User(
        id=source.key(at(began)),
        username="u-left",
        name=Namer(source).name("2", 31, is_korean=False),
        home_path=place.path,
        created_at=at(began),
        disabled_at=at(ended, 1020),
    )
    grant = o.Grant(
        id=source.key(at(began)),
        user_id=user.id,
        role="worker",
        organisation_id=place.id,
        state="ended",
        from_on=began,
        to_on=ended,
        ended_at=at(ended, 1020),
        reason="demo",
        proposed_at=at(began),
    )
    session.add(user)
    session.flush()
    session.add(grant)
    session.flush()
    session.add(o.GrantPlace(grant_id=grant.id, organisation_id=place.id, path=place.path))
    confirmed = o.GrantConfirmation(
        id=source.key(at(began)), grant_id=grant.id, as_role="station_head", by_id=place.head, at=at(began, 700), agreed=True
    )
    session.add(confirmed)
    for person in people:
        person.worker_id = user.id
        stays = select(c.Enrolment).where(c.Enrolment.client_id == person.id, c.Enrolment.to_on.is_(None))
        for stay in session.scalars(stays):
            stay.worker_id = user.id
