"""What passes from one colleague to another, as Today says it."""

from typing import Any

from flask import url_for

from caseapp.core.actor import Actor
from caseapp.queries.casework import handovers
from caseapp.queries.organisation import workers
from caseapp.services.casework.handovers import leaving


def handed(actor: Actor) -> list[dict[str, Any]]:
    """Files that wait to be taken over, by me or by others, and what the head has given me lately."""
    found = handovers.desk(actor)
    people = workers.names({user for one in found for user in (one.row.from_id, one.row.to_id)})
    return [
        {
            "url": url_for("handovers.show", handover_id=one.row.id),
            "count": one.count,
            "ordered": one.ordered,
            "mine": one.row.to_id == actor.user_id,
            "giver": people.get(one.row.from_id, "") if one.row.from_id else "",
            "receiver": people.get(one.row.to_id, "") if one.row.to_id else "",
        }
        for one in found
    ]


def orphans(actor: Actor) -> list[dict[str, Any]]:
    """In whose name something is open although they have no role here any more."""
    found = leaving.counts(actor, gone=True)
    people = workers.names(found)
    return [
        {"name": people.get(user, ""), "count": count, "url": url_for("team.leave", user_id=user)}
        for user, count in found.items()
    ]
