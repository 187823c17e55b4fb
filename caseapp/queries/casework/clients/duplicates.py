"""The same person twice at one station: the same number, or a name that sounds alike with a birth that fits.

Whether a number is on file is told only where the person's line is in the actor's scope: a restricted file answers nothing.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from caseapp.access.scope import under
from caseapp.access.system import system_session
from caseapp.core import names
from caseapp.core.actor import Actor
from caseapp.extensions import db
from caseapp.models.casework import Client, IdentityDocument
from caseapp.queries.casework.clients.indexes import document_index

MOST = 5


@dataclass(frozen=True)
class Wanted:
    """What was typed so far."""

    name: str | None = None
    birth_on: date | None = None
    kind: str | None = None
    number: str | None = None


def with_number(kind: str, normalised: str, actor: Actor) -> Client | None:
    """The person on file under the grant with that number, if the actor may see the person's line."""
    ids = _ids_with_number(kind, normalised, actor)
    if not ids:
        return None
    found: Client | None = db.session.scalar(select(Client).where(Client.id.in_(ids)).limit(1))
    return found


def like(wanted: Wanted, actor: Actor) -> list[Client]:
    """At most five persons who may be the same, the surest first."""
    found: dict[UUID, Client] = {}
    if wanted.kind and wanted.number:
        same = with_number(wanted.kind, wanted.number, actor)
        if same is not None:
            found[same.id] = same
    typed = names.search_key(wanted.name or "").text  # in the spelling in which names are kept
    if len(typed) > 1:
        full, _initials = names.pinyin(typed)
        query = select(Client).where(under(actor, Client.station_path))
        query = query.where(Client.name_key >= f"{full} ", Client.name_key < f"{full}!")
        for row in db.session.scalars(query.order_by(Client.name_key, Client.id).limit(20)):
            if row.name == typed or _fits(row, wanted.birth_on):
                found[row.id] = row
    return list(found.values())[:MOST]


def _fits(row: Client, birth_on: date | None) -> bool:
    """A name that only sounds alike counts when the years of birth lie close."""
    return birth_on is not None and row.birth_on is not None and abs(row.birth_on.year - birth_on.year) <= 1


def _ids_with_number(kind: str, normalised: str, actor: Actor) -> list[UUID]:
    """Looks past the row rules for the number only: documents of a minor are closed, the minor's line is not."""
    with system_session("is this number on file here") as session:
        query = select(IdentityDocument.client_id).where(
            IdentityDocument.number_index == document_index(kind, normalised),
            IdentityDocument.voided_at.is_(None),
            under(actor, IdentityDocument.station_path),
        )
        return list(session.scalars(query.limit(5)))
