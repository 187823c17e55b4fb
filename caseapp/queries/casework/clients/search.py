"""Finding a person at the own stations by name, pinyin, initials, a complete document number, a phone or its last four digits."""

import re
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from caseapp.access.scope import under
from caseapp.core import names, phones
from caseapp.core.actor import Actor
from caseapp.core.identity_numbers import BadIdentityNumber, check
from caseapp.core.phones import BadPhone
from caseapp.extensions import db
from caseapp.models.casework import Client, Contact, IdentityDocument
from caseapp.queries.casework.clients import merging
from caseapp.queries.casework.clients.indexes import document_indexes, last_four_indexes, phone_indexes

MOST = 20
FILE_NO = re.compile(r"[A-Za-z]{1,3}-?[0-9A-Za-z]*-[0-9]{4}-[0-9]{1,6}")
KINDS = ("111", "HKMO", "TW", "516", "511", "553", "DISABLED", "117", "414", "990")  # 112 and 113 have the digest of 111
NUMBER = re.compile(r"[0-9A-Za-z()\[\]/.\u3014\u3015\u4e00-\u9fff-]{5,40}")  # letters, digits and what other documents have


def find(text: str, actor: Actor, limit: int = MOST) -> list[Client]:
    """At most twenty persons in the actor's scope, those with a matching number first, then names in their order.

    A name is found by how it begins, whole or without the surname, in characters, pinyin or initials.
    """
    query = text.strip()
    if not query:
        return []
    ids = _by_number(query)
    rows: list[Client] = list(db.session.scalars(select(Client).where(Client.id.in_(ids)).limit(limit))) if ids else []
    if not re.search(r"\d", query) or re.search(r"[^\x00-\x7f]", query):  # a digit in a name: only of somebody numbered
        rows += [row for row in _by_name(query, actor, limit) if row not in rows]
    elif FILE_NO.fullmatch(query):
        rows += list(db.session.scalars(select(Client).where(under(actor, Client.station_path), Client.file_no == query.upper())))
        rows += [row for row in merging.by_old_number(query.upper()) if row not in rows]
    return rows[:limit]


def _by_number(query: str) -> list[UUID]:
    """Persons whose document or phone is exactly this; the row rules hold for documents and contacts too."""
    found: set[UUID] = set()
    digits = re.sub(r"\D", "", query)
    compact = re.sub(r"\s", "", query)
    if digits and NUMBER.fullmatch(compact):
        indexes = {index for kind in KINDS for index in _document_indexes(kind, compact)}
        if indexes:
            wanted = IdentityDocument.number_index.in_(sorted(indexes))
            rows = select(IdentityDocument.client_id).where(wanted, IdentityDocument.voided_at.is_(None))
            found.update(db.session.scalars(rows.limit(MOST)))
    for column, phones_wanted in _phone_indexes(query, digits):
        found.update(db.session.scalars(select(Contact.client_id).where(column.in_(phones_wanted)).limit(MOST)))
    return sorted(found)


def _document_indexes(kind: str, query: str) -> list[bytes]:
    try:
        return document_indexes(kind, check(kind, query).normalised)
    except BadIdentityNumber:
        return []


def _phone_indexes(query: str, digits: str) -> list[tuple[Any, list[bytes]]]:
    if re.fullmatch(r"\d{4}", query):
        return [(Contact.last_four_index, last_four_indexes(query))]
    if len(digits) < 10:
        return []
    try:
        return [(Contact.phone_index, phone_indexes(phones.parse(query)))]
    except BadPhone:
        return []


def _by_name(query: str, actor: Actor, limit: int) -> list[Client]:
    """Names that begin so; then given names, syllable by syllable, so that 小龙 and xiaolong find 李小龙."""
    key = names.search_key(query)
    if not key.keys and not key.text:
        return []
    # station by station, so that an index by station and name serves a grant over several too
    base = select(Client).where(Client.station_id.in_(actor.stations) if actor.stations else under(actor, Client.station_path))
    if key.is_han:
        first = base.where(or_(*(_begins(Client.name_key, k) for k in key.keys), Client.name.contains(key.text, autoescape=True)))
    else:
        tests = [test for k in key.keys for test in (_begins(Client.name_key, k), _begins(Client.initials, k))]
        tests += [Client.name_key.contains(k, autoescape=True) for k in key.keys if len(k) > 2]
        tests += [Client.initials.contains(k, autoescape=True) for k in key.keys if 1 < len(k) <= 3]
        if not tests:  # signs that are in no name
            return []
        first = base.where(or_(*tests))
    rows = list(db.session.scalars(first.order_by(Client.name_key, Client.id).limit(limit * 5)))
    return sorted(rows, key=lambda row: _rank(row, key))[:limit]


def _rank(row: Client, key: names.NameQuery) -> tuple[int, str]:
    """The exact name, names that begin so, initials, the rest."""
    if key.is_han:
        rank = 0 if row.name == key.text else 1 if row.name.startswith(key.text) else 2 if key.text in row.name else 3
    else:
        full = row.name_key.split(" ")[0]
        rank = (
            0
            if full in key.keys or row.initials in key.keys
            else 1
            if any(full.startswith(k) for k in key.keys)
            else 2
            if any(row.initials.startswith(k) for k in key.keys)
            else 3
        )
    return rank, row.name_key


def _begins(column: Any, prefix: str) -> Any:
    """A prefix as a range, which an index in byte order serves."""
    return (column >= prefix) & (column < prefix + "\U0010ffff")
