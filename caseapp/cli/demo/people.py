"""People on file: who they are, how they are reached, on what ground, in which household."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from caseapp import reference
from caseapp.cli.demo.batch import Batch
from caseapp.cli.demo.names import Namer, identity_number, phone
from caseapp.cli.demo.places import Place
from caseapp.cli.demo.source import Row, Source, at, pool, sealed
from caseapp.core.dates import age_on
from caseapp.core.phones import Phone
from caseapp.models import casework as c
from caseapp.models import trust as t
from caseapp.queries.casework.clients import indexes

KINDS = {"alone": 34, "couple": 26, "grandchild": 8, "poor": 12, "disabled": 10, "old": 10}
HEATING = {"alone": "stove", "couple": "kang"}


@dataclass
class Person:
    """One person while the demo thinks about them; `row` is the client's row."""

    row: Row
    kind: str
    since: date
    worker: UUID
    tags: dict[str, date] = field(default_factory=dict)
    ended: date | None = None
    case: Row | None = None
    level: str | None = None  # "gbt42195:2"
    plan_days: int | None = None
    review_on: date | None = None  # of the plan
    reassess_on: date | None = None
    visits: list[tuple[date, str]] = field(default_factory=list)  # (day, outcome), in order
    case_visits: list[tuple[date, str]] = field(default_factory=list)
    last_met: date | None = None  # when the last visit should have been, for those whom `worker` should find

    @property
    def id(self) -> UUID:
        """The client's key."""
        found: UUID = self.row["id"]
        return found


class Registry:
    """Registers people at one station; numbers run per station and year as the counters do."""

    def __init__(self, source: Source, batch: Batch, station: Place) -> None:
        self.source, self.batch, self.station = source, batch, station
        self.namer = Namer(source)
        self.numbers: Counter[str] = Counter()
        self.consent_version = reference.text_version("consent")
        self.minor_version = reference.text_version("consent_minor")

    def number(self, series: str, day: date) -> str:
        """The next running number of a series, printed as `services/casework/numbers.py` prints it."""
        self.numbers[f"{series}-{day.year}"] += 1
        return f"{series}-{self.station.code[:9]}-{day.year}-{self.numbers[f'{series}-{day.year}']:04d}"

    def close(self) -> None:
        """The counters as they stand after the last file."""
        for series, value in self.numbers.items():
            self.batch.add(t.Counter, place=self.station.path, series=series, value=value)

    def home(self, room: int, since: date, kind: str | None = None, worker: UUID | None = None) -> list[Person]:
        """A household with one or two people on file, at most `room` of them."""
        source = self.source
        kind = kind or source.weighted(KINDS)
        is_korean = self.station.is_korean and source.hit(0.15)
        surname = self.namer.surname(is_korean=is_korean)
        village = source.pick(self.station.villages)
        worker = worker or source.pick(self.station.workers)
        age = source.between(66, 88) if kind in ("alone", "couple", "grandchild", "old") else source.between(36, 66)
        common = {"since": since, "village": village, "worker": worker, "is_korean": is_korean}
        sex = source.pick("12")
        people = [self._person(kind, sex, age, self.namer.name(sex, age, is_korean=is_korean, surname=surname), **common)]
        if room > 1 and kind == "couple" and source.hit(0.6):
            other, years = "12"[sex == "1"], max(61, age + source.between(-5, 3))
            people.append(self._person(kind, other, years, self.namer.name(other, years, is_korean=is_korean), **common))
        elif room > 1 and kind == "grandchild":
            years, young = source.between(7, 14), source.pick("12")
            name = self.namer.name(young, years, is_korean=False, surname=surname)
            people.append(self._person("child", young, years, name, guardian=people[0].row["name"], **common))
        self._household(people, surname, village, since)
        return people

    def _person(
        self,
        kind: str,
        sex: str,
        age: int,
        name: str,
        *,
        since: date,
        village: tuple[str, str],
        worker: UUID,
        is_korean: bool,
        guardian: str | None = None,
    ) -> Person:
        source, made = self.source, at(since, 560)
        birth = source.today - timedelta(days=int(age * 365.25) + source.between(1, 350))
        age = age_on(birth, source.today)
        key = source.key(made)
        sort, initials = self.namer.keys(name)
        row = self.batch.add(
            c.Client, id=key, file_id=key, station_id=self.station.id, station_path=self.station.path,
            klass="minor" if age < 18 else "P2", file_no=self.number("P", since), state="on_file", name=name, name_key=sort,
            initials=initials, is_unidentified=False, sex=sex, birth_on=birth, birth_precision="day",
            ethnic="10" if is_korean else source.weighted({"01": 90, "11": 8, "02": 1}),
            education=source.pick(("80", "70", "70", "90")) if age > 17 else None,
            marital={"alone": "30", "couple": "20", "poor": "20"}.get(kind, "10" if age < 18 else "20"),
            registration="rural", registered_code=village[0], registration_residence="0", residence_code=village[0],
            address_enc=sealed("client", "address_enc", key, self._address(village[1])),
            living={"alone": "alone", "couple": "spouse_only", "grandchild": "grandchildren", "child": "grandparents"}.get(kind, "children"),
            self_care="full" if age < 76 else source.pick(("full", "full", "partial")),
            health="good" if age < 18 else source.pick(("fair", "chronic", "chronic", "good")),
            disability="4" if kind == "disabled" else None, disability_grade=source.pick("234") if kind == "disabled" else None,
            income_source=source.pick(("farming", "pension", "family")), benefits=self._benefits(kind, age),
            safe_contact=source.pick(pool("words")["safe_contact"]) if source.hit(0.05) else None,
            risk="green", worker_id=worker, created_at=made, created_by_id=worker, version=1,
        )  # fmt: skip
        person = Person(row, kind, since, worker)
        self._tags(person, age)
        self._papers(person, birth, guardian)
        return person

    def _address(self, village: str) -> str:
        text = str(self.source.pick(pool("words")["address"]))
        return text.format(village=village, n=self.source.between(1, 8), m=self.source.between(1, 60))

    def _benefits(self, kind: str, age: int) -> list[str] | None:
        found = {"poor": ["dibao"], "disabled": ["disability_living"]}.get(kind, [])
        return ([*found, "advanced_age"] if age >= 80 else found) or None

    def _tags(self, person: Person, age: int) -> None:
        """The target groups that follow from how somebody lives."""
        first = {"alone": "EL03", "couple": "EL04", "grandchild": "EL02", "poor": "SA01", "disabled": "DI01", "child": "CH03"}
        codes = [first[person.kind]] if person.kind in first else []
        if age >= 80:
            codes.append("EL08")
        if person.kind == "alone" and self.source.hit(0.15):
            codes.append("EL11")
        for code in codes:
            person.tags[code] = person.since
            self.batch.add(
                c.TargetTag, id=self.source.key(at(person.since)), client_id=person.id, code=code, status="confirmed",
                from_on=person.since, verified_on=person.since, **self.stamp(person, person.since),
            )  # fmt: skip

    def stamp(self, person: Person, day: date, minutes: int = 565) -> Row:
        """Where a row of a person lives, when it was written and by whom."""
        return {
            "station_path": self.station.path,
            "klass": person.row["klass"],
            "file_id": person.id,
            "created_at": at(day, minutes),
            "created_by_id": person.worker,
        }

    def _papers(self, person: Person, birth: date, guardian: str | None) -> None:
        source, since = self.source, person.since
        stamp = self.stamp(person, since)
        if source.hit(0.98):
            number = identity_number(source, self.station.prefix, birth, person.row["sex"])
            key = source.key(stamp["created_at"])
            self.batch.add(
                c.IdentityDocument, id=key, client_id=person.id, kind="111", number_index=indexes.document_index("111", number),
                number_enc=sealed("identity_document", "number_enc", key, number), **stamp,
            )  # fmt: skip
        else:
            person.row["no_document_reason"] = "not_at_hand"
        self._contact(person, 0, "relative" if guardian else "own", guardian, stamp)
        if source.hit(0.4):
            child = self.namer.name(source.pick("12"), 40, is_korean=False, surname=person.row["name"][0])
            self._contact(person, 1, "relative", child, stamp, relation="child")
        key = source.key(stamp["created_at"])
        self.batch.add(
            c.Consent, id=key, client_id=person.id, basis="consent", language="zh",
            text_version=self.minor_version if guardian else self.consent_version,
            scopes=["minor_data", "service"] if guardian else ["sensitive", "service"], signer="guardian" if guardian else "self",
            signer_name_enc=sealed("consent", "signer_name_enc", key, guardian or person.row["name"]),
            signer_relation="grandparent" if guardian else None, child_heard=True if guardian else None,
            channel="thumbprint" if source.hit(0.3) else "paper", read_aloud=source.hit(0.5), signed_on=since, version=1, **stamp,
        )  # fmt: skip
        self.batch.add(
            c.Enrolment, id=source.key(stamp["created_at"]), client_id=person.id, organisation_id=self.station.id, from_on=since,
            worker_id=person.worker, version=1, **stamp,
        )  # fmt: skip
        if person.row["klass"] == "minor":
            self.admit(person.worker, person.id, since)

    def admit(self, user: UUID, file_id: UUID, day: date, kind: str = "assigned") -> None:
        """Puts a user on the list of a restricted or minor's file."""
        self.batch.add(
            t.FileAccess, id=self.source.key(at(day)), user_id=user, file_id=file_id, station_path=self.station.path, kind=kind,
            from_on=day, made_at=at(day),
        )  # fmt: skip

    def _contact(
        self, person: Person, position: int, kind: str, name: str | None, stamp: Row, relation: str | None = None
    ) -> None:
        number = phone(self.source)
        key = self.source.key(stamp["created_at"])
        self.batch.add(
            c.Contact, id=key, client_id=person.id, position=position, kind=kind, name=name, relation=relation,
            phone_enc=sealed("contact", "phone_enc", key, number), phone_index=indexes.phone_index(Phone("mobile", number)),
            last_four_index=indexes.last_four_index(number[-4:]), is_emergency=position == 1, **stamp,
        )  # fmt: skip

    def _household(self, people: list[Person], surname: str, village: tuple[str, str], since: date) -> None:
        source, made, head = self.source, at(since, 570), people[0]
        key = source.key(made)
        name = str(pool("words")["household"]).format(surname=surname)
        place: Row = {"station_path": self.station.path, "created_at": made, "created_by_id": head.worker}
        self.batch.add(
            c.Household, id=key, file_id=key, klass="P2", station_id=self.station.id, household_no=self.number("H", since),
            name=name, name_key=self.namer.keys(name)[0], residence_code=village[0], version=1, **place,
        )  # fmt: skip
        members: list[tuple[UUID, str, str]] = []  # key, sex, relation to the head
        for position, person in enumerate(people):
            relation = "head" if not position else self._to_head(person)
            person.row["household_id"] = key
            members.append((source.key(made), person.row["sex"], relation))
            self._member(members[-1], position, key, place | {"klass": person.row["klass"]}, client_id=person.id)
        if head.kind in ("couple", "grandchild", "alone", "old"):
            sex = source.pick("12")
            family = surname if head.row["sex"] == "1" else None  # children mostly carry the father's
            grown = self.namer.name(sex, 42, is_korean=False, surname=family)
            members.append((source.key(made), sex, "son" if sex == "1" else "daughter"))
            self._member(
                members[-1], len(people), key, place | {"klass": "P2"}, name=grown, birth_year=source.today.year - 42,
                lives_here=head.kind == "old",
            )  # fmt: skip
        for member, _sex, relation in members[1:]:
            for ends, kind in (
                ((member, members[0][0]), relation),
                ((members[0][0], member), self._inverse(relation, members[0][1])),
            ):
                self.batch.add(
                    c.MemberLink, id=source.key(made), household_id=key, from_id=ends[0], to_id=ends[1], kind=kind, file_id=key,
                    klass="P2", **place,
                )  # fmt: skip

    def _to_head(self, person: Person) -> str:
        if person.kind == "child":
            return "grandson" if person.row["sex"] == "1" else "granddaughter"
        return "husband" if person.row["sex"] == "1" else "wife"

    def _inverse(self, relation: str, sex: str) -> str:
        return reference.inverse_relation(relation, sex)

    def _member(self, member: tuple[UUID, str, str], position: int, household: UUID, place: Row, **known: Any) -> None:
        self.batch.add(
            c.HouseholdMember, id=member[0], household_id=household, position=position, sex=None if "client_id" in known else member[1],
            relation_to_head=member[2], lives_here=known.pop("lives_here", True), deceased=False, file_id=household, **known, **place,
        )  # fmt: skip
