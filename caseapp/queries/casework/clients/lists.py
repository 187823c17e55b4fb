"""The list of persons on file, a page at a time, in orders that an index serves."""

from typing import Any

from sqlalchemy import select

from caseapp.core import clock
from caseapp.core.paging import Page
from caseapp.extensions import db
from caseapp.models.casework import Client, TargetTag
from caseapp.queries.casework.clients.one import OPEN_TAGS
from caseapp.queries.paging import LIMIT, page
from caseapp.schemas.casework.client.lists import ClientFilter


def listed(wanted: ClientFilter, cursor: str | None = None, limit: int = LIMIT, *, tags: bool = True) -> Page[Client]:
    """One page of the persons in scope that fit; a minor's line is among them."""
    query = _filtered(select(Client), wanted)
    if tags:
        query = query.options(OPEN_TAGS)
    if wanted.order == "due":
        query = query.where(Client.next_visit_on.is_not(None))
        return page(db.session, query, [Client.next_visit_on, Client.id], cursor, limit)
    return page(db.session, query, [Client.name_key, Client.id], cursor, limit)


def whole(wanted: ClientFilter, most: int, *, restricted: bool) -> list[Client]:
    """The list at once, for a file: at most so many, restricted files on request."""
    query = _filtered(select(Client), wanted)
    if not restricted:
        query = query.where(Client.klass != "P3")
    order = (Client.next_visit_on, Client.id) if wanted.order == "due" else (Client.name_key, Client.id)
    return list(db.session.scalars(query.order_by(*order).limit(most)))


def _filtered(query: Any, wanted: ClientFilter) -> Any:
    query = query.where(Client.state == wanted.state)
    if wanted.village:
        query = query.where(Client.residence_code == wanted.village)
    if wanted.worker:
        query = query.where(Client.worker_id == wanted.worker)
    if wanted.risk:
        query = query.where(Client.risk == wanted.risk)
    if wanted.due_before:
        query = query.where(Client.next_visit_on < wanted.due_before)
    if wanted.tag:
        today = clock.today()
        tagged = select(TargetTag.client_id).where(
            TargetTag.code == wanted.tag,
            TargetTag.case_id.is_(None),
            TargetTag.status != "cancelled",
            TargetTag.from_on <= today,
            TargetTag.to_on.is_(None) | (TargetTag.to_on >= today),
        )
        query = query.where(Client.id.in_(tagged))
    return query
