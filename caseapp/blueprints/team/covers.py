"""An absence is recorded, or ends earlier."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, url_for

from caseapp.access.permissions import Permission
from caseapp.blueprints.http.filters import long_date
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import attempt, page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.blueprints.team.blueprint import bp, member
from caseapp.core import clock
from caseapp.core.text import _
from caseapp.forms.organisation.cover import CoverForm, EndCoverForm
from caseapp.queries.organisation import covers as queries
from caseapp.queries.organisation import workers
from caseapp.services.organisation import covers as service


@bp.route("/<uuid:user_id>/cover", methods=["GET", "POST"])
@requires(Permission.COVER)
def cover(user_id: UUID) -> Any:
    """Who stands in for somebody, and until when."""
    actor = the_actor()
    user, form = member(user_id, actor), CoverForm()
    form.offer([(str(key), name) for key, name in workers.of(actor) if key != user.id])
    if not form.is_submitted():
        form.from_on.data = clock.today().isoformat()
    elif form.validate():
        row = attempt(form, service.set_cover, form.command, user, actor)
        if row:
            flash(_("Recorded. It ends by itself after %(day)s.", day=long_date(row.to_on)), "ok")
            return redirect(url_for(".show", user_id=user.id))
    return page("team/cover.html", form=form, user=user)


@bp.route("/covers/<uuid:cover_id>/end", methods=["GET", "POST"])
@requires(Permission.COVER)
def end_cover(cover_id: UUID) -> Any:
    """The absence is over earlier."""
    row, form = queries.one(cover_id), EndCoverForm()
    if not form.is_submitted():
        form.version.data = row.version
    elif form.validate() and attempt(form, service.end, form.command, row, the_actor()):
        flash(_("The absence is over; the own files are open to nobody else from now on."), "ok")
        return redirect(url_for(".show", user_id=row.absent_id))
    people = workers.names({row.absent_id, row.cover_id})
    return page("team/end_cover.html", form=form, row=row, people=people)
