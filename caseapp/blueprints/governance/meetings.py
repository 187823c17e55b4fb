"""Meetings of residents: the list, one of them, a new one, what became of it."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for

from caseapp.access import policy
from caseapp.access.permissions import Permission
from caseapp.blueprints.governance.shared import done, places, titles
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import attempt, page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.core import clock
from caseapp.core.text import _
from caseapp.forms.details.governance.meeting import FollowUpForm, MeetingForm
from caseapp.forms.details.governance.survey import VoidPaperForm
from caseapp.models.details.governance import GovernanceMeeting
from caseapp.queries.casework import cases
from caseapp.queries.details.governance import meetings as queries
from caseapp.queries.details.governance.projects import community_cases
from caseapp.queries.organisation import villages, workers
from caseapp.services.details.governance import meetings as service


def register(bp: Blueprint) -> None:
    """Hangs the pages under `/governance/meetings`."""

    @bp.get("/meetings")
    @requires(Permission.CASE_READ)
    def meetings() -> Any:
        """The latest first; `?village=` those of one village."""
        known, village = places(), request.args.get("village")
        village = village if village in dict(known) else None
        found = queries.listed(village, request.args.get("cursor"))
        return page(
            "governance/meetings.html",
            rows=found.items,
            villages=known,
            village=village,
            next_url=url_for(".meetings", village=village, cursor=found.next) if found.next else None,
            places=villages.names(row.division_code for row in found.items),
        )

    @bp.route("/meetings/new", methods=["GET", "POST"])
    @requires(Permission.CASE_WRITE)
    def new_meeting() -> Any:
        """A meeting; `?case=` chooses the case it belongs to."""
        form, actor = MeetingForm(), the_actor()
        form.offer(places(), titles(community_cases()))
        if not form.is_submitted():
            form.happened_on.data, form.case_id.data = clock.today().isoformat(), request.args.get("case", "")
        elif form.validate():
            case = cases.one(form.command.case_id) if form.command.case_id else None
            if row := attempt(form, service.record, form.command, case, actor):
                flash(_("Saved."), "ok")
                return redirect(url_for(".meeting", meeting_id=row.id))
        return page("governance/meeting_form.html", form=form)

    @bp.get("/meetings/<uuid:meeting_id>")
    @requires(Permission.CASE_READ)
    def meeting(meeting_id: UUID) -> Any:
        """What was decided and what became of it."""
        row = _open(meeting_id, Permission.CASE_READ)
        found = cases.many([row.case_id] if row.case_id else [])
        return page(
            "governance/meeting.html",
            row=row,
            case=found.get(row.case_id) if row.case_id else None,
            people=workers.names({row.worker_id}),
            places=villages.names([row.division_code]),
        )

    @bp.route("/meetings/<uuid:meeting_id>/follow", methods=["GET", "POST"])
    @requires(Permission.CASE_WRITE)
    def follow_meeting(meeting_id: UUID) -> Any:
        """What became of the decisions."""
        row, form = _open(meeting_id), FollowUpForm()
        if not form.is_submitted():
            form.version.data, form.followed.data = row.version, row.followed
            form.followed_on.data = (row.followed_on or clock.today()).isoformat()
        url = url_for(".meeting", meeting_id=row.id)
        return done(form, service.follow, row, url) or page("governance/follow_meeting.html", form=form, row=row)

    @bp.route("/meetings/<uuid:meeting_id>/void", methods=["GET", "POST"])
    @requires(Permission.CASE_WRITE)
    def void_meeting(meeting_id: UUID) -> Any:
        """The record was wrong."""
        row, form = _open(meeting_id), VoidPaperForm()
        if not form.is_submitted():
            form.version.data = row.version
        url = url_for(".meeting", meeting_id=row.id)
        crumbs = [(_("Meetings of residents"), url_for(".meetings")), (row.subject, url)]
        return done(form, service.void, row, url) or page("governance/void.html", form=form, back=url, trail=crumbs)


def _open(meeting_id: UUID, permission: Permission = Permission.CASE_WRITE) -> GovernanceMeeting:
    row = queries.one(meeting_id)
    policy.require(the_actor(), permission, row)
    return row
