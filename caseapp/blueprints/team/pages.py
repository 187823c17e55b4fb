"""Everybody of the station, and one of them."""

from typing import Any
from uuid import UUID

from caseapp.access.permissions import Permission
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.blueprints.team.blueprint import bp, member
from caseapp.core import clock
from caseapp.forms.organisation.cover import EndCoverForm
from caseapp.queries.casework import held
from caseapp.queries.organisation import covers, workers
from caseapp.services.casework.handovers import leaving


@bp.get("")
@requires(Permission.COVER)
def index() -> Any:
    """Who works here with how much, who is absent, and in whose name something is open that nobody does any more."""
    actor = the_actor()
    counted = held.counts(leaving.parts(), actor)
    here = workers.of(actor)
    absences = covers.coming()
    gone = [user for user, found in counted.items() if user not in dict(here) and held.shown(leaving.parts(), found)]
    users = {*gone, *(user for row in absences for user in (row.absent_id, row.cover_id))} - set(dict(here))
    people = dict(here) | workers.names(users)
    return page(
        "team/index.html",
        colleagues=here,
        gone=sorted(gone, key=lambda user: people.get(user, "")),
        counted=counted,
        sums={user: held.shown(leaving.parts(), found) for user, found in counted.items()},
        absences=absences,
        absent={row.absent_id: row for row in absences if row.from_on <= clock.today()},
        people=people,
    )


@bp.get("/<uuid:user_id>")
@requires(Permission.COVER)
def show(user_id: UUID) -> Any:
    """What is in this person's name, and the absences they are part of."""
    actor = the_actor()
    user = member(user_id, actor)
    found = leaving.look(user, actor)
    absences = covers.coming(user.id)
    return page(
        "team/show.html",
        user=user,
        found=found,
        absences=[(row, EndCoverForm(formdata=None, version=row.version)) for row in absences],
        people=workers.names({who for row in absences for who in (row.absent_id, row.cover_id)}),
    )
