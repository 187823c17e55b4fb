"""Filters kept by name: a reader's own, under one grant, at most twenty."""

from urllib.parse import parse_qsl
from uuid import UUID

from sqlalchemy import select

from caseapp.access import policy
from caseapp.access.permissions import Permission
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import Invalid
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.organisation import User
from caseapp.models.trust import SavedFilter
from caseapp.queries.trust import filters as queries
from caseapp.schemas.trust.filters import OF_FIGURES, SaveFilter, chosen_in

MOST = 20


def save(command: SaveFilter, actor: Actor) -> SavedFilter:
    """Keeps the filters; the same name on the same list takes the place of what it stood for. Invalid beyond twenty."""
    policy.require(actor, needed(command.listing))
    # the user's row is held, so that two windows do not get past the limit together
    db.session.execute(select(User.id).where(User.id == actor.user_id).with_for_update())
    held = queries.of_list(actor, command.listing, command.domain)
    row = next((row for row in held if row.name == command.name), None)
    if row is None:
        if queries.count(actor) >= MOST:
            raise Invalid(_l("You keep 20 filters, which is the most. Remove one first."), "name", code="filters_full")
        row = SavedFilter(user_id=actor.user_id, grant_id=actor.grant_id, listing=command.listing, domain=command.domain)
        row.name = command.name
        db.session.add(row)
    row.chosen, row.made_at = chosen_in(command.listing, dict(parse_qsl(command.query))), clock.now()
    db.session.flush()
    return row


def needed(listing: str) -> Permission:
    """What reads the list that the filters belong to."""
    return Permission.FIGURES_READ if listing in OF_FIGURES else Permission.CLIENT_READ


def remove(filter_id: UUID, actor: Actor) -> SavedFilter:
    """Forgets one of the reader's own."""
    row = queries.one(filter_id)
    policy.require(actor, needed(row.listing))
    db.session.delete(row)
    db.session.flush()
    return row
