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
from caseapp.cli.demo.story import Figure, homes
from caseapp.core.dates import age_on
from caseapp.core.phones import Phone
from caseapp.models import casework as c
from caseapp.models import trust as t
from caseapp.queries.casework.clients import indexes
from caseapp.reference import naming


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
    levels: dict[str, str] = field(default_factory=dict)  # instrument → level
    level_days: dict[str, date] = field(default_factory=dict)  # "instrument:level" → since when
    shut_levels: dict[str, date] = field(default_factory=dict)  # the same of a restricted case: its own dates alone know of them
    plan_days: int | None = None
    review_on: date | None = None  # of the plan
    reassess_on: date | None = None
    visits: list[tuple[date, str]] = field(default_factory=list)  # (day, outcome), in order
    case_visits: list[tuple[date, str]] = field(default_factory=list)
    relation: tuple[str, str] = ("head", "head")  # to the head of the household, of a man and of a woman
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
        """A household of a kind with at least its head on file, at most `room` of its people."""
        source = self.source
        kind = kind or source.weighted({name: home.share for name, home in homes().items()})
        home = homes()[kind]
        is_korean = self.station.is_korean and source.hit(0.15)
        surname = self.namer.surname(is_korean=is_korean)
        known = {
            "since": since,
            "village": source.pick(self.station.villages),
            "worker": worker or source.pick(self.station.workers),
            "is_korean": is_korean,
        }
        named = [self._called(figure, surname) for figure in home.named]
        people: list[Person] = []
        for figure in home.people:
            if people and (len(people) >= room or not source.hit(figure.on_file)):
                continue
            sex = figure.sex or source.pick("12")
            if figure.sex == "other":
                sex = "12"[people[0].row["sex"] == "1"]
            years = source.between(*figure.ages)
            name = self.namer.name(sex, years, is_korean=is_korean, surname=surname if figure.family else None)
            elder = people[0].row["name"] if people else named[0][3] if named else None
            tie = figure.relation[0]
            guardian = (elder, "grandparent" if "grand" in tie else "parent") if elder and years < 14 else None
            people.append(self._person(kind, figure, sex, years, name, guardian=guardian, **known))
        self._household(people, named, surname, known["village"], since)
        return people

    def _called(self, figure: Figure, surname: str) -> tuple[Figure, str, int, str]:
        """Somebody who is only named: figure, sex, years, name."""
        sex, years = figure.sex or self.source.pick("12"), self.source.between(*figure.ages)
        return figure, sex, years, self.namer.name(sex, years, is_korean=False, surname=surname if figure.family else None)

    def _person(
        self,
        kind: str,
        figure: Figure,
        sex: str,
        age: int,
        name: str,
        *,
        since: date,
        village: tuple[str, str],
        worker: UUID,
        is_korean: bool,
        guardian: tuple[str, str] | None,
    ) -> Person:
        source, made = self.source, at(since, 560)
        birth = source.today - timedelta(days=int(age * 365.25) + source.between(1, 350))
        age = age_on(birth, source.today)
        key = source.key(made)
        sort, initials = self.namer.keys(name)
        grown = age >= 18
        row = self.batch.add(
            c.Client, id=key, file_id=key, station_id=self.station.id, station_path=self.station.path,
            klass="P2" if grown else "minor", file_no=self.number("P", since), state="on_file", name=name, name_key=sort,
            initials=initials, is_unidentified=False, sex=sex, birth_on=birth, birth_precision="day",
            ethnic="10" if is_korean else source.weighted({"01": 90, "11": 8, "02": 1}),
            registration="rural", registered_code=village[0], registration_residence="0", residence_code=village[0],
            address_enc=sealed("client", "address_enc", key, self._address(village[1])),
            safe_contact=source.pick(pool("words")["safe_contact"]) if source.hit(0.05) else None,
            risk="green", worker_id=worker, created_at=made, created_by_id=worker, version=1,
            **(self._usual(age) | {name: self._drawn(value) for name, value in figure.facts.items()}),
        )  # fmt: skip
        if age >= 80:
            row["benefits"] = [*(row["benefits"] or []), "advanced_age"]
        person = Person(row, kind, since, worker, relation=figure.relation)
        self._tags(person, figure, age)
        self._papers(person, birth, guardian)
        return person

    def _usual(self, age: int) -> Row:
        """What most people of that age say of themselves."""
        pick = self.source.pick
        if age < 18:
            return {
                "education": None, "marital": "10", "living": "parents", "self_care": "full", "health": "good", "income_source": "family",
                "benefits": None, "disability": None, "disability_grade": None,
            }  # fmt: skip
        return {
            "education": pick(("80", "70", "70", "90")), "marital": "20", "living": "children",
            "self_care": "full" if age < 76 else pick(("full", "full", "partial")), "health": pick(("fair", "chronic", "chronic", "good")),
            "income_source": pick(("farming", "pension", "family")), "benefits": None, "disability": None, "disability_grade": None,
        }  # fmt: skip

    def _drawn(self, value: Any) -> Any:
        """A tuple stands for one of its members."""
        return self.source.pick(value) if isinstance(value, tuple) else value

    def _address(self, village: str) -> str:
        text = str(self.source.pick(pool("words")["address"]))
        return text.format(village=naming.spoken(village), n=self.source.between(1, 8), m=self.source.between(1, 60))

    def _tags(self, person: Person, figure: Figure, age: int) -> None:
        """The target groups that follow from how somebody lives."""
        codes = [*figure.tags, *(code for code, chance, least in figure.maybe if age >= least and self.source.hit(chance))]
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

    def _papers(self, person: Person, birth: date, guardian: tuple[str, str] | None) -> None:
        """Document, contacts, consent, the stay on file; `guardian` is who signs for a child: name and relation."""
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
        self._contact(person, 0, "relative" if guardian else "own", guardian[0] if guardian else None, stamp)
        if source.hit(0.4):
            relative = self.namer.name(source.pick("12"), 40, is_korean=False, surname=person.row["name"][0])
            self._contact(person, 1, "relative", relative, stamp, relation="child" if person.row["klass"] == "P2" else "relative")
        key = source.key(stamp["created_at"])
        self.batch.add(
            c.Consent, id=key, client_id=person.id, basis="consent", language="zh",
            text_version=self.minor_version if guardian else self.consent_version,
            scopes=["minor_data", "service"] if guardian else ["sensitive", "service"], signer="guardian" if guardian else "self",
            signer_name_enc=sealed("consent", "signer_name_enc", key, guardian[0] if guardian else person.row["name"]),
            signer_relation=guardian[1] if guardian else None, child_heard=True if guardian else None,
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

    def _household(self, people: list[Person], named: list[Any], surname: str, village: tuple[str, str], since: date) -> None:
        source, made, head = self.source, at(since, 570), people[0]
        key = source.key(made)
        name = str(pool("words")["household"]).format(surname=surname)
        place: Row = {"station_path": self.station.path, "created_at": made, "created_by_id": head.worker}
        self.batch.add(
            c.Household, id=key, file_id=key, klass="P2", station_id=self.station.id, household_no=self.number("H", since),
            name=name, name_key=self.namer.keys(name)[0], residence_code=village[0], version=1, **place,
        )  # fmt: skip
        members: list[tuple[UUID, str, str]] = []  # key, sex, relation to the head
        for one in sorted([*people, *named], key=lambda one: _tie(one)[0] != "head"):  # whoever is the head comes first
            sex = one.row["sex"] if isinstance(one, Person) else one[1]
            members.append((source.key(made), sex, _tie(one)[sex == "2"]))
            if isinstance(one, Person):
                one.row["household_id"] = key
                own = place | {"klass": one.row["klass"], "file_id": one.id}
                self._member(members[-1], len(members) - 1, key, own, client_id=one.id)
            else:
                known = {
                    "name": one[3],
                    "birth_year": source.today.year - one[2],
                    "lives_here": bool(one[0].facts.get("lives_here")),
                }
                self._member(members[-1], len(members) - 1, key, place | {"klass": "P2", "file_id": key}, **known)
        self._links(members, key, place)

    def _links(self, members: list[tuple[UUID, str, str]], household: UUID, place: Row) -> None:
        """Each tie to the head, and its other way round."""
        head, sex, _relation = members[0]
        for member, _sex, relation in members[1:]:
            for ends, kind in (((member, head), relation), ((head, member), reference.inverse_relation(relation, sex))):
                self.batch.add(
                    c.MemberLink, id=self.source.key(place["created_at"]), household_id=household, from_id=ends[0], to_id=ends[1], kind=kind,
                    file_id=household, klass="P2", **place,
                )  # fmt: skip

    def _member(self, member: tuple[UUID, str, str], position: int, household: UUID, place: Row, **known: Any) -> None:
        self.batch.add(
            c.HouseholdMember, id=member[0], household_id=household, position=position, sex=None if "client_id" in known else member[1],
            relation_to_head=member[2], lives_here=known.pop("lives_here", True), deceased=False, **known, **place,
        )  # fmt: skip


def _tie(one: Any) -> tuple[str, str]:
    """The relation to the head, of somebody on file or only named."""
    relation: tuple[str, str] = one.relation if isinstance(one, Person) else one[0].relation
    return relation
