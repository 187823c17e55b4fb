"""The same person twice at one station: the same number, the same phone, or a name that sounds alike with more that fits.

Whether a number is on file is told only where the person's line is in the actor's scope: a restricted file answers nothing.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from caseapp.access.scope import under
from caseapp.access.system import system_session
from caseapp.core import names, phones
from caseapp.core.actor import Actor
from caseapp.core.phones import BadPhone
from caseapp.extensions import db
from caseapp.models.casework import Client, Contact, IdentityDocument
from caseapp.queries.casework.clients.indexes import CITIZEN, document_indexes, phone_indexes
from caseapp.queries.casework.clients.lookalikes import WEIGHT, reasons_of

MOST = 5
READ = 20
KINDS, GRADES = "1234567", "1234"  # what a disability card has after the citizen number


@dataclass(frozen=True)
class Wanted:
    """What was typed so far."""

    name: str | None = None
    birth_on: date | None = None
    kind: str | None = None
    number: str | None = None
    phone: str | None = None
    residence_code: str | None = None

    @property
    def name_key(self) -> str:
        """As a record would keep it."""
        return names.sort_key(self.name or "")


@dataclass(frozen=True)
class Likeness:
    """A person on file who may be the one, and why."""

    client: Client
    reasons: tuple[str, ...]


def with_number(kind: str, normalised: str, actor: Actor) -> Client | None:
    """The person on file under the grant with that number, if the actor may see the person's line."""
    ids = _ids_with(document_indexes(kind, normalised), actor)
    if not ids:
        return None
    found: Client | None = db.session.scalar(select(Client).where(Client.id.in_(ids)).limit(1))
    return found


def like(wanted: Wanted, actor: Actor) -> list[Likeness]:
    """At most five persons who may be the same, the surest first."""
    known: dict[UUID, set[str]] = defaultdict(set)
    if wanted.kind and wanted.number:
        for key in _ids_with(_indexes(wanted.kind, wanted.number), actor):
            known[key].add("paper")
    for key in _ids_with_phone(wanted.phone):
        known[key].add("phone")
    typed = names.search_key(wanted.name or "").text  # in the spelling in which names are kept
    wanted = Wanted(typed, wanted.birth_on, residence_code=wanted.residence_code)
    people = {row.id: row for row in db.session.scalars(select(Client).where(Client.id.in_(sorted(known))))} if known else {}
    people |= {row.id: row for row in _sounding(typed, actor)}
    found = [Likeness(row, reasons_of(row, wanted, known[key])) for key, row in people.items()]
    return sorted(filter(_enough, found), key=_order)[:MOST]


def _enough(alike: Likeness) -> bool:
    """A name that only sounds alike needs a birth that lies close; a village alone says nothing."""
    reasons = set(alike.reasons)
    return bool(reasons & {"paper", "phone", "name"} or ("sound" in reasons and len(reasons - {"village"}) > 1))


def _order(alike: Likeness) -> tuple[int, str, UUID]:
    return -sum(WEIGHT[reason] for reason in alike.reasons), alike.client.name_key, alike.client.id


def _sounding(typed: str, actor: Actor) -> list[Client]:
    if len(typed) < 2:
        return []
    full, _initials = names.pinyin(typed)
    query = select(Client).where(under(actor, Client.station_path))
    query = query.where(Client.name_key >= f"{full} ", Client.name_key < f"{full}!")
    return list(db.session.scalars(query.order_by(Client.name_key, Client.id).limit(READ)))


def _indexes(kind: str, number: str) -> list[bytes]:
    """The digest of the number, and of the other paper that holds it: a disability card begins with the citizen number."""
    found = document_indexes(kind, number)
    if kind == "DISABLED":
        found += document_indexes("111", number[:18])
    elif kind in CITIZEN:
        cards = [f"{number}{one}{grade}" for one in KINDS for grade in GRADES]
        found += [index for card in cards for index in document_indexes("DISABLED", card)]
    return found


def _ids_with(indexes: Iterable[bytes], actor: Actor) -> list[UUID]:
    """Looks past the row rules for the number only: documents of a minor are closed, the minor's line is not."""
    with system_session("is this number on file here") as session:
        query = select(IdentityDocument.client_id).where(
            IdentityDocument.number_index.in_(list(indexes)),
            IdentityDocument.voided_at.is_(None),
            under(actor, IdentityDocument.station_path),
        )
        return list(session.scalars(query.limit(5)))


def _ids_with_phone(text: str | None) -> list[UUID]:
    """Whose phone it is, in the actor's scope; of a file that is closed to the actor nothing is told."""
    try:
        indexes = phone_indexes(phones.parse(text)) if text else []
    except BadPhone:
        indexes = []
    if not indexes:
        return []
    return list(db.session.scalars(select(Contact.client_id).where(Contact.phone_index.in_(indexes)).limit(5)))
