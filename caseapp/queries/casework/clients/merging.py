"""Two records of a station side by side, before they are joined: what differs, how much hangs on each, what stands in the way."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from caseapp.core import clock
from caseapp.core.errors import NotFound
from caseapp.extensions import db
from caseapp.models.casework import (
    Assessment,
    Case,
    Client,
    ClientApart,
    ClientMerge,
    Consent,
    Contact,
    Enrolment,
    IdentityDocument,
    ServiceRecord,
    TargetTag,
    Task,
    VisitPerson,
)
from caseapp.models.casework.case import LIVE
from caseapp.queries.casework.clients.indexes import CITIZEN

# what is chosen together → its columns (or sealed attributes); everything else is joined or reckoned
FIELDS: dict[str, tuple[str, ...]] = {
    "name": ("name", "name_key", "initials", "is_unidentified"),
    "sex": ("sex",),
    "birth": ("birth_on", "birth_precision"),
    "worker_id": ("worker_id",),
    "residence_code": ("residence_code",),
    "address": ("address",),
    "living": ("living",),
    "self_care": ("self_care",),
    "health": ("health",),
    "disability": ("disability", "disability_grade"),
    "income_source": ("income_source",),
    "benefits": ("benefits",),
    "ethnic": ("ethnic",),
    "education": ("education",),
    "marital": ("marital",),
    "registration": ("registration",),
    "registered_code": ("registered_code",),
    "registration_residence": ("registration_residence",),
    "household_id": ("household_id",),
    "safe_contact": ("safe_contact",),
    "features": ("features",),
}
COUNTED: tuple[tuple[str, Any], ...] = (
    ("enrolment", Enrolment),
    ("contact", Contact),
    ("identity_document", IdentityDocument),
    ("target_tag", TargetTag),
    ("consent", Consent),
    ("case", Case),
    ("visit", VisitPerson),
    ("service_record", ServiceRecord),
    ("assessment", Assessment),
    ("task", Task),
)
STRICTER = ("P1", "P2", "minor", "P3")


@dataclass(frozen=True)
class Difference:
    """A field that is not the same in both; where one is empty, the other's value stays without asking."""

    code: str
    kept: Any
    twin: Any

    @property
    def to_choose(self) -> bool:
        """Whether somebody has to say which stays."""
        return not is_empty(self.kept) and not is_empty(self.twin)


@dataclass(frozen=True)
class Comparison:
    """Everything the head has to see before two records are joined."""

    kept: Client
    twin: Client
    differences: list[Difference]
    counts: list[tuple[str, int, int]]
    domains: list[str]  # in which both have an open case
    stays: tuple[Enrolment | None, Enrolment | None]  # those that run
    klass: str
    blocks: list[str]
    said_apart: bool

    @property
    def choices(self) -> list[str]:
        """Fields of which one value has to go."""
        return [row.code for row in self.differences if row.to_choose]


def is_empty(value: Any) -> bool:
    """Whether nothing is known; a birth is known with its precision."""
    return value in (None, "", [], "9", (None, "unknown")) or (isinstance(value, tuple) and all(part is None for part in value))


def value_of(client: Client, code: str) -> Any:
    """What a record says of a field."""
    names = FIELDS[code]
    if code == "name":
        return client.name
    values = tuple(getattr(client, name) for name in names)
    return values if len(values) > 1 else values[0]


def compare(kept: Client, twin: Client) -> Comparison:
    """Both records side by side; `blocks` are codes of what has to be put right first."""
    people = (kept.id, twin.id)
    pairs = [Difference(code, value_of(kept, code), value_of(twin, code)) for code in FIELDS]
    stays = {row.client_id: row for row in db.session.scalars(_of(Enrolment, people).where(Enrolment.to_on.is_(None)))}
    return Comparison(
        kept,
        twin,
        [pair for pair in pairs if pair.kept != pair.twin and not (is_empty(pair.kept) and is_empty(pair.twin))],
        _counts(people),
        _both_open(people),
        (stays.get(kept.id), stays.get(twin.id)),
        max(kept.klass, twin.klass, key=STRICTER.index),
        blocks(kept, twin, stays),
        are_apart(*people),
    )


def _of(model: Any, people: Sequence[UUID]) -> Any:
    return select(model).where(model.client_id.in_(people))


def _counts(people: Sequence[UUID]) -> list[tuple[str, int, int]]:
    found = []
    for name, model in COUNTED:
        query = select(model.client_id, func.count(model.id)).where(model.client_id.in_(people)).group_by(model.client_id)
        held = {row[0]: row[1] for row in db.session.execute(query)}
        if held:
            found.append((name, held.get(people[0], 0), held.get(people[1], 0)))
    return found


def _both_open(people: Sequence[UUID]) -> list[str]:
    query = select(Case.domain).where(Case.client_id.in_(people), Case.status.in_(LIVE))
    query = query.group_by(Case.domain).having(func.count(Case.client_id.distinct()) > 1).order_by(Case.domain)
    return list(db.session.scalars(query))


def blocks(kept: Client, twin: Client, stays: dict[UUID, Enrolment]) -> list[str]:
    """Why these two cannot be joined as they are: two different ID numbers, or one has died and the other is on file."""
    found = []
    query = _of(IdentityDocument, (kept.id, twin.id)).where(
        IdentityDocument.kind.in_(sorted(CITIZEN)), IdentityDocument.voided_at.is_(None)
    )
    numbers: dict[UUID, set[bytes | None]] = {}
    for row in db.session.scalars(query):
        numbers.setdefault(row.client_id, set()).add(row.number_index)
    if len(numbers) == 2 and not (numbers[kept.id] & numbers[twin.id]):
        found.append("numbers_differ")
    if (kept.deceased_on and twin.id in stays) or (twin.deceased_on and kept.id in stays):
        found.append("one_has_died")
    return found


def are_apart(one: UUID, other: UUID) -> bool:
    """Whether somebody said that these two are two people."""
    low, high = sorted((one, other))
    query = select(ClientApart.id).where(ClientApart.one_id == low, ClientApart.other_id == high)
    return db.session.scalar(query) is not None


def pointer(client_id: UUID) -> UUID | None:
    """Where a record that was joined to another leads today, in the reader's scope."""
    query = select(ClientMerge.leads_to_id).where(ClientMerge.gone_id == client_id, ClientMerge.state == "done")
    found: UUID | None = db.session.scalar(query.limit(1))
    return found


def by_old_number(file_no: str) -> list[Client]:
    """Persons to whose record one with this number was joined; a number is never given twice."""
    ids = select(ClientMerge.leads_to_id).where(ClientMerge.gone_file_no == file_no, ClientMerge.state == "done")
    return list(db.session.scalars(select(Client).where(Client.id.in_(ids))))


def recent(limit: int = 50) -> list[tuple[ClientMerge, Client]]:
    """What was joined and can still be taken apart, the latest first."""
    query = (
        select(ClientMerge, Client)
        .join(Client, Client.id == ClientMerge.leads_to_id)
        .where(ClientMerge.state == "done", ClientMerge.undo_until >= clock.today())
        .order_by(ClientMerge.made_at.desc(), ClientMerge.id.desc())
    )
    return [(row[0], row[1]) for row in db.session.execute(query.limit(limit))]


def one(merge_id: UUID) -> tuple[ClientMerge, Client]:
    """One joining and the record it leads to; NotFound outside the scope."""
    query = select(ClientMerge, Client).join(Client, Client.id == ClientMerge.leads_to_id).where(ClientMerge.id == merge_id)
    found = db.session.execute(query).one_or_none()
    if found is None:
        raise NotFound()
    return found[0], found[1]
