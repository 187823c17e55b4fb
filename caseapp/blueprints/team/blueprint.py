"""The blueprint of the people of a station."""

from uuid import UUID

from flask import Blueprint

from caseapp.core.actor import Actor
from caseapp.core.errors import NotFound
from caseapp.models.organisation import User
from caseapp.queries.casework import held

bp = Blueprint("team", __name__, url_prefix="/team")


def member(user_id: UUID, actor: Actor) -> User:
    """Somebody who has or had a role at the station; NotFound for everybody else."""
    found = held.member(user_id, actor)
    if found is None:
        raise NotFound()
    return found
