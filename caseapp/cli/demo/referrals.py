"""Referrals of the demo in every state: out of and into the worker's station, and from each station to the next."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import inspect, select, update
from sqlalchemy.orm import Session

from caseapp import domains
from caseapp.access import guard, identity
from caseapp.cli.demo.batch import Batch
from caseapp.cli.demo.places import Place, World
from caseapp.cli.demo.source import Row, Source, at, pool, sealed
from caseapp.cli.demo.trail import Trail
from caseapp.core import clock, dates
from caseapp.extensions import db
from caseapp.models import casework as c
from caseapp.models import trust as t
from caseapp.models.organisation import Organisation
from caseapp.queries.casework.referrals import packet

OUT = (
    ("draft", 1),
    ("sent", 2),
    ("late", 12),
    ("to_go", 9),
    ("in_service", 40),
    ("completed", 90),
    ("rejected", 30),
    ("revoked", 25),
)
OUTSIDE = (("sent", 3), ("accepted_outside", 20), ("completed", 60))
IN = (("sent", 1), ("late", 10), ("in_service", 35), ("rejected", 50))
NEXT = (("sent", 4), ("in_service", 45))
STATUS = {"late": "sent", "to_go": "accepted"}
SECTIONS = ["person", "contacts", "situation", "risk", "assessments", "plan", "visits"]
SEALED = ("address_enc", "note_enc", "features_enc")  # for one row only
OWN = ("id", "file_id", "station_id", "station_path", "file_no", "worker_id", "household_id", "created_by_id", "updated_by_id")
NOT_TAKEN = {*SEALED, *OWN}  # of a person who arrives


@dataclass
class Way:
    """From where to where, of whose file."""

    sender: Place
    receiver: Place | None
    case: c.Case
    client: c.Client


class Referrals:
    """Writes the rows of all stations once everybody is on file."""

    def __init__(self, source: Source, world: World) -> None:
        self.source, self.world, self.batch = source, world, Batch()
        self.numbers: Counter[tuple[str, str]] = Counter()
        self.bodies: dict[str, list[UUID]] = {}
        self.trails: dict[str, Trail] = {}

    def gather(self, session: Session) -> None:
        """A ring of stations; the first, where `worker` is, sends and gets one of everything."""
        stations = self.world.stations
        for row in session.scalars(select(t.Counter)):
            self.numbers[row.place, row.series] = row.value
        for place, sender in enumerate(stations):
            self._bodies(session, sender)
            others = [(state, days, stations[(place + 1) % len(stations)]) for state, days in (OUT if place == 0 else NEXT)]
            if place == 1:
                others += [(state, days, stations[0]) for state, days in IN]
            wanted = [*others, *((state, days, None) for state, days in (OUTSIDE if place == 0 else ()))]
            self._station(session, sender, wanted)
        for trail in self.trails.values():
            trail.write()
        days = select(t.AuditSeen.file_id, t.AuditSeen.user_id, t.AuditSeen.seen_on)
        held = {tuple(row) for row in session.execute(days)}  # a file that was seen that day anyway is told already
        seen = self.batch.rows[t.AuditSeen]
        self.batch.rows[t.AuditSeen] = [row for row in seen if (row["file_id"], row["user_id"], row["seen_on"]) not in held]

    def write(self, session: Session) -> None:
        """What was gathered, and how far the running numbers have come."""
        self.batch.write(session)
        for (where, series), value in self.numbers.items():
            held = session.execute(
                update(t.Counter).where(t.Counter.place == where, t.Counter.series == series).values(value=value)
            )
            if not held.rowcount:  # type: ignore[attr-defined]
                session.add(t.Counter(place=where, series=series, value=value))

    def _bodies(self, session: Session, station: Place) -> None:
        county = "/".join(station.path.split("/")[:4]) + "/"
        if county in self.bodies:
            return
        office = session.scalars(select(Organisation.id).where(Organisation.path == county)).one()
        self.bodies[county] = []
        for kind, name, address, number, contact in pool("referrals")["bodies"]:
            made = at(station.opened)
            key = self.source.key(made)
            self.batch.add(
                c.OutsideBody, id=key, organisation_id=office, path=county, kind=kind, name=name, address=address, phone=number,
                contact=contact, is_active=True, created_at=made, version=1,
            )  # fmt: skip
            self.bodies[county].append(key)

    def _station(self, session: Session, sender: Place, wanted: list[tuple[str, int, Place | None]]) -> None:
        query = (
            select(c.Case, c.Client)
            .join(c.Client, c.Client.id == c.Case.client_id)
            .where(c.Case.station_path == sender.path, c.Case.status == "serving", c.Case.klass == "P2", c.Client.klass == "P2")
            .order_by(c.Case.stage_since, c.Case.case_no)
        )
        files = list(session.execute(query).all())
        for number, (state, days, receiver) in enumerate(wanted):
            if files:
                case, client = files[number % len(files)]
                self._one(Way(sender, receiver, case, client), state, days)

    def _one(self, way: Way, state: str, days: int) -> None:
        source, told = self.source, pool("referrals")
        today = source.today
        on = max(today - timedelta(days=days), way.case.stage_since)
        made, status = at(on, 620), STATUS.get(state, state)
        to, by = way.receiver, way.case.worker_id or way.sender.workers[0]
        county = "/".join(way.sender.path.split("/")[:4]) + "/"
        key = source.key(made)
        ends = {
            "from_path": way.sender.path,
            "to_path": to.path if to else None,
            "klass": way.case.klass,
            "file_id": way.case.id,
            "reached": status != "draft" and to is not None,
            "assigned_to_id": to.workers[0] if to and status in ("accepted", "in_service", "completed") else None,
        }
        row: Row = {
            "id": key, "referral_no": self._number(way.sender, "R", on), "kind": "station" if to else "outside", "status": status,
            "urgency": "ordinary", "from_station_id": way.sender.id, "to_station_id": to.id if to else None,
            "body_id": None if to else source.pick(self.bodies[county]), "to_domain": way.case.domain if to else None, "chased": 0,
            "sent_at": None if status == "draft" else made, "sent_by_id": None if status == "draft" else by,
            "answer_by": None if status == "draft" else dates.add_working_days(on, 5), "case_to_go": state == "to_go",
            "created_at": made, "created_by_id": by, "version": 1, **ends,
        }  # fmt: skip
        wish = self._wish(way, key, on, by, goes=state == "to_go")
        self.batch.add(c.Referral, **row)
        stored = self.batch.rows[c.Referral][-1]
        self._trail(way.sender).done(by, made, on, "referral.drafted" if status == "draft" else "referral.sent", [way.case.id])
        if status == "draft":
            return
        readable = bool(ends["reached"]) and status not in ("rejected", "revoked", "completed")
        self._packet(way, stored, wish, ends | {"reached": readable})
        self._answered(way, stored, state, min(on + timedelta(days=3), today), ends, told)

    def _answered(self, way: Way, row: Row, state: str, on: date, ends: Row, told: Any) -> None:
        """What happened after it was sent."""
        sender = row["created_by_id"]
        receiver = way.receiver.head if way.receiver else sender
        if state == "late":
            row["chased"] = 1
            self._note(row, "chased", on, sender, self.source.pick(told["chased"]), ends)
        if row["status"] in ("sent",):
            return
        if row["status"] == "revoked":
            row["ended_at"] = at(on, 800)
            self._note(row, "revoked", on, sender, self.source.pick(told["revoked"]), ends)
            return
        row["decided_on"], row["decided_at"], row["decided_by_id"] = on, at(on, 700), receiver
        if way.receiver is not None:
            event = "referral.rejected" if row["status"] == "rejected" else "referral.accepted"
            self._trail(way.receiver).done(receiver, at(on, 700), on, event, [way.case.id])
        if row["status"] == "rejected":
            row["reject_reason"], row["ended_at"] = "elsewhere", at(on, 700)
            self._note(row, "rejected", on, receiver, told["rejected"][0], ends, by_receiver=True)
            return
        if way.receiver is None:
            more = {"who": self.source.pick(told["who"]), "channel": "phone"}
            self._note(row, "receipt", on, sender, None, ends, **more)
        else:
            row["to_client_id"] = self._arrived(way, on)
            self._note(row, "accepted", on, receiver, told["accepted"][0], ends, by_receiver=True)
        if row["status"] in ("in_service", "completed"):
            later = min(on + timedelta(days=15), self.source.today)
            inside = way.receiver is not None
            self._note(row, "feedback", later, receiver, self.source.pick(told["feedback"]), ends, by_receiver=inside)
            if row["status"] == "completed":
                row["ended_at"] = at(later, 900)
                self._note(row, "completed", later, receiver, self.source.pick(told["completed"]), ends, by_receiver=inside)

    def _wish(self, way: Way, key: UUID, on: date, by: UUID, *, goes: bool) -> c.ReferralRequest:
        own, told = self.source.key(at(on, 620)), pool("referrals")
        reason, need = (
            self.source.pick(told["reason"][:2] if way.receiver else told["reason"][2:]),
            self.source.pick(told["need"]),
        )
        values = {
            "id": own, "referral_id": key, "case_id": way.case.id, "client_id": way.client.id, "sections": SECTIONS, "basis": "consent",
            "signer": "self", "channel": "paper", "paper_place": told["paper_place"], "signed_on": on, "case_goes": goes,
            "moves": goes, "created_at": at(on, 620), "created_by_id": by, "station_path": way.sender.path, "klass": way.case.klass,
            "file_id": way.case.id,
        }  # fmt: skip
        self.batch.add(
            c.ReferralRequest,
            **values,
            reason_enc=sealed("referral_request", "reason_enc", own, reason),
            need_enc=sealed("referral_request", "need_enc", own, need),
        )
        wish = c.ReferralRequest(**values)
        wish.reason, wish.need = reason, need
        return wish

    def _packet(self, way: Way, row: Row, wish: c.ReferralRequest, ends: Row) -> None:
        """Built as it is at sending, by somebody of the station."""
        actor = identity.for_grant(db.session, way.sender.head, way.sender.grants[way.sender.head], clock.today())
        guard.bind(db.session, actor)
        try:
            content = packet.build(c.Referral(**row), wish, way.case, way.client, domains.get(way.case.domain).detail)
        finally:
            db.session.rollback()
            guard.bind(db.session, None)
        key = self.source.key(row["sent_at"])
        self.batch.add(
            c.ReferralPacket, id=key, referral_id=row["id"], schema_version=packet.SCHEMA, digest=packet.digest(content),
            content_enc=sealed("referral_packet", "content_enc", key, content), made_at=row["sent_at"], made_by_id=row["sent_by_id"],
            **ends,
        )  # fmt: skip

    def _note(self, row: Row, kind: str, on: date, by: UUID, text: str | None, ends: Row, **more: Any) -> None:
        key = self.source.key(at(on, 710))
        self.batch.add(
            c.ReferralNote, id=key, referral_id=row["id"], kind=kind, happened_on=on, at=at(on, 710), by_id=by,
            text_enc=sealed("referral_note", "text_enc", key, text), **{"by_receiver": False, **more}, **ends,
        )  # fmt: skip

    def _arrived(self, way: Way, on: date) -> UUID:
        """The person on file at the receiver."""
        place = way.receiver
        if place is None:
            raise ValueError("nobody arrives outside")
        made, worker = at(on, 705), place.workers[0]
        key = self.source.key(made)
        held = {col.key: getattr(way.client, col.key) for col in inspect(c.Client).column_attrs if col.key not in NOT_TAKEN}
        held |= {name: None for name in held if name.startswith(("next_visit", "planned", "last_"))}
        held |= {"created_at": made, "version": 1, "updated_at": None, "risk": "green"}
        self.batch.add(
            c.Client, id=key, file_id=key, station_id=place.id, station_path=place.path, worker_id=worker,
            file_no=self._number(place, "P", on), created_by_id=place.head, **held,
        )  # fmt: skip
        self.batch.add(
            c.Enrolment, id=self.source.key(made), client_id=key, organisation_id=place.id, from_on=on, worker_id=worker,
            created_at=made, created_by_id=place.head, station_path=place.path, klass=way.client.klass, file_id=key, version=1,
        )  # fmt: skip
        self._trail(place).done(place.head, made, on, "client.registered", [key])
        return key

    def _number(self, place: Place, series: str, day: date) -> str:
        self.numbers[place.path, f"{series}-{day.year}"] += 1
        return f"{series}-{place.code[:9]}-{day.year}-{self.numbers[place.path, f'{series}-{day.year}']:04d}"

    def _trail(self, place: Place) -> Trail:
        if place.path not in self.trails:
            self.trails[place.path] = Trail(self.source, self.batch, place)
        return self.trails[place.path]
