"""People who are on file twice: three pairs at the first station, two across the first and the second, one of them answered."""

from datetime import timedelta
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from caseapp import reference
from caseapp.cli.demo.batch import Batch
from caseapp.cli.demo.names import Namer
from caseapp.cli.demo.places import Place
from caseapp.cli.demo.source import Source, at, pool
from caseapp.cli.demo.trail import Trail
from caseapp.core.dates import add_working_days
from caseapp.models import casework as c
from caseapp.models.trust import Counter
from caseapp.services.casework.clients.across import TASK, pair_of

PAIRS, ACROSS = 3, 2


def twice(session: Session, source: Source, first: Place, second: Place) -> None:
    """Second records of people of the first station, as a colleague might have made them who did not look first."""
    people, batch = _ordinary(session, first), Batch()
    trails = {place.path: Trail(source, batch, place) for place in (first, second)}
    for number, person in enumerate(people[:PAIRS]):
        _tell(trails, _again(session, source, person, first, number))
    for number, person in enumerate(people[PAIRS : PAIRS + ACROSS]):
        other = _copy(session, source, person, second, person.name)
        document = session.scalars(select(c.IdentityDocument).where(c.IdentityDocument.client_id == person.id)).one()
        paper = c.IdentityDocument(
            id=source.key(other.created_at), client_id=other.id, kind=document.kind, number_index=document.number_index
        )
        paper.number = document.number
        _part(session, paper, other)
        _match(session, source, person, other, first, second, answered=number == 1)
        _tell(trails, other)
    session.flush()
    for trail in trails.values():
        trail.write()
    batch.write(session)


def _tell(trails: dict[str, Trail], client: c.Client) -> None:
    """That the record was made, and by whom."""
    rows = [{"table": "client", "row": str(client.id), "op": "insert", "fields": {"file_no": [None, client.file_no]}}]
    worker = client.worker_id
    if worker is not None:
        trail = trails[client.station_path]
        trail.done(worker, client.created_at, client.created_at.date(), "client.registered", [client.id], rows)


def _ordinary(session: Session, station: Place) -> list[c.Client]:
    """The same ones for the same seed: grown up, on file, with one ID number, nothing restricted."""
    cases = exists().where(c.Case.client_id == c.Client.id)
    query = select(c.Client).where(
        c.Client.station_path == station.path, c.Client.klass == "P2", c.Client.state == "on_file", ~cases,
        exists().where(c.IdentityDocument.client_id == c.Client.id), c.Client.birth_on.is_not(None),
    )  # fmt: skip
    return list(session.scalars(query.order_by(c.Client.file_no).limit(PAIRS + ACROSS)))


def _again(session: Session, source: Source, person: c.Client, station: Place, number: int) -> c.Client:
    """The first with the same phone, the second with a name that sounds the same, the third with the same birth and village."""
    alike = "".join(pool("words")["sounds_alike"].get(sign, sign) for sign in person.name)
    other = _copy(session, source, person, station, alike if number == 1 else person.name)
    if number == 0:
        contact = session.scalars(select(c.Contact).where(c.Contact.client_id == person.id).order_by(c.Contact.position)).first()
        if contact is not None:
            same = c.Contact(
                id=source.key(other.created_at),
                client_id=other.id,
                position=0,
                kind=contact.kind,
                phone_index=contact.phone_index,
            )
            same.phone, same.last_four_index, same.is_emergency = contact.phone, contact.last_four_index, False
            _part(session, same, other)
    return other


def _copy(session: Session, source: Source, person: c.Client, station: Place, name: str) -> c.Client:
    made = at(source.today - timedelta(days=source.between(20, 60)), 600)
    key, worker = source.key(made), station.workers[-1]
    sort, initials = Namer(source).keys(name)
    row = c.Client(
        id=key, file_id=key, station_id=station.id, station_path=station.path, klass="P2", file_no=_number(session, station, made.year),
        name=name, name_key=sort, initials=initials, sex=person.sex, birth_on=person.birth_on, birth_precision="day",
        residence_code=person.residence_code if station.path == person.station_path else station.villages[0][0],
        no_document_reason="not_at_hand" if station.path == person.station_path else None,
        risk="green", worker_id=worker, created_at=made, created_by_id=worker,
    )  # fmt: skip
    session.add(row)
    session.flush()
    day = made.date()
    stay = c.Enrolment(id=source.key(made), client_id=key, organisation_id=station.id, from_on=day, worker_id=worker)
    consent = c.Consent(
        id=source.key(made), client_id=key, basis="consent", language="zh", text_version=reference.text_version("consent"), signer="self",
        scopes=["other_stations", "sensitive", "service"], channel="paper", signed_on=day,
    )  # fmt: skip
    for part in (stay, consent):
        _part(session, part, row)
    return row


def _part(session: Session, part: Any, client: c.Client) -> None:
    """A row of the person, written when the record was."""
    part.created_at, part.created_by_id = client.created_at, client.created_by_id
    part.belongs_to(client)
    session.add(part)
    session.flush()


def _number(session: Session, station: Place, year: int) -> str:
    counter = session.get(Counter, (station.path, f"P-{year}"))
    if counter is None:
        counter = Counter(place=station.path, series=f"P-{year}", value=0)
        session.add(counter)
    counter.value += 1
    session.flush()
    return f"P-{station.code[:9]}-{year}-{counter.value:04d}"


def _match(
    session: Session, source: Source, one: c.Client, other: c.Client, first: Place, second: Place, *, answered: bool
) -> None:
    found, pair = other.created_at + timedelta(minutes=30), pair_of(one.id, other.id)
    for mine, theirs, head in ((one, other, first.head), (other, one, second.head)):
        done = answered and mine is other
        row = c.StationMatch(
            id=source.key(found), client_id=mine.id, pair_id=pair, other_station_id=theirs.station_id, found_at=found, asked_here=mine is other,
            state="linked" if done else "open", other_state="linked" if answered and mine is one else "open",
            decided_at=found + timedelta(days=2) if done else None, decided_by_id=head if done else None,
        )  # fmt: skip
        task = c.Task(
            id=source.key(found), kind=TASK, client_id=mine.id, for_role="station_head", due_on=add_working_days(found.date(), 5),
            state="done" if done else "open",
        )  # fmt: skip
        row.belongs_to(mine)
        session.add(row)
        _part(session, task, mine)
