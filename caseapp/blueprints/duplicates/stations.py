"""A number that is on file at another station too: whom to call, and what the head says it is."""

from typing import Any
from uuid import UUID

from flask import current_app, flash, redirect, url_for

from caseapp.access.permissions import Permission
from caseapp.blueprints.duplicates.blueprint import bp
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import attempt, page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.core.text import _
from caseapp.extensions import db
from caseapp.forms.casework.client.duplicates import AnswerForm
from caseapp.queries.casework.clients import across as queries
from caseapp.queries.organisation import villages
from caseapp.services.casework.clients import matches
from caseapp.services.trust import audit

REFERRAL = "referrals.new"  # where a referral is drafted, once that part is there


@bp.route("/duplicates/stations/<uuid:match_id>", methods=["GET", "POST"])
@requires(Permission.CLIENT_MERGE)
def match(match_id: UUID) -> Any:
    """Name and phone of the other head, and the answer."""
    row, client = queries.one(match_id)
    form = AnswerForm()
    form.offer()
    if not form.is_submitted():
        form.version.data = row.version
        audit.opened(db.session, client, "client.match_read")
    elif form.validate() and attempt(form, matches.answer, form.command, row, client, the_actor()):
        flash(_("Saved. The head of the other station reads your answer."), "ok")
        if form.command.state == "referred" and _can_refer():
            return redirect(url_for(REFERRAL, client=client.id))
        return redirect(url_for(".index"))
    return page(
        "duplicates/match.html",
        form=form,
        row=row,
        client=client,
        referral=_can_refer(),
        other=queries.others([row]).get(row.other_station_id),
        places=villages.names({client.residence_code}),
    )


def _can_refer() -> bool:
    """Whether referrals are drafted in this program already."""
    return REFERRAL in current_app.view_functions
