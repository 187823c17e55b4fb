"""A number that is on file at another station too: whom to call, and what the head says it is."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, url_for

from caseapp.access.permissions import Permission
from caseapp.blueprints.duplicates.blueprint import bp
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import attempt, page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.core.text import _
from caseapp.extensions import db
from caseapp.forms.casework.client.duplicates import AnswerForm
from caseapp.models.casework import Client
from caseapp.queries.casework import cases
from caseapp.queries.casework.clients import across as queries
from caseapp.queries.organisation import villages
from caseapp.services.casework.clients import matches
from caseapp.services.casework.referrals.write import SENDING
from caseapp.services.trust import audit


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
        onward = _referral(client) if form.command.state == "referred" else None
        return redirect(onward or url_for(".index"))
    return page(
        "duplicates/match.html",
        form=form,
        row=row,
        client=client,
        referral=_referral(client),
        other=queries.others([row]).get(row.other_station_id),
        places=villages.names({client.residence_code}),
    )


def _referral(client: Client) -> str | None:
    """Where a referral of the person is written: on the latest case that goes on; None where there is none to refer."""
    case = cases.latest_of(client.id, SENDING)
    return url_for(f"{case.domain}.refer", case_id=case.id) if case is not None else None
