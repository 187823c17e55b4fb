"""Entries of the trail by filter, one whole, who saw a file, and days that stood out."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, request, url_for

from caseapp.access.permissions import Permission
from caseapp.blueprints.audit import days as sign_words
from caseapp.blueprints.audit import words
from caseapp.blueprints.audit.blueprint import bp
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import attempt, page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.core.dates import read_day
from caseapp.core.errors import NotFound
from caseapp.core.text import _
from caseapp.extensions import db
from caseapp.forms.trust.days import ReviewDayForm
from caseapp.forms.trust.trail import TrailFilterForm
from caseapp.queries.trust import signs, trail
from caseapp.schemas.trust.trail import unpacked
from caseapp.services.trust import audit
from caseapp.services.trust import days as service


@bp.get("")
@requires(Permission.AUDIT_READ)
def index() -> Any:
    """Entries of the trail by filter."""
    form, wanted = TrailFilterForm.read(request.args)
    found = trail.entries(the_actor(), wanted, request.args.get("cursor"))
    audit.record(db.session, "trail.read")
    chosen = wanted.chosen()
    return page(
        "audit/index.html",
        filter=form,
        entries=found.items,
        names=trail.names(found.items),
        next_url=url_for(".index", **chosen, cursor=found.next) if found.next else None,
        first_url=url_for(".index", **chosen) if request.args.get("cursor") else None,
        chosen=chosen,
        files=trail.numbered(the_actor(), number=wanted.file_no) if wanted.file_no else [],
        words=words,
    )


@bp.get("/entries/<uuid:entry_id>")
@requires(Permission.AUDIT_READ)
def entry(entry_id: UUID) -> Any:
    """One entry whole: the rows that changed, the persons by file number."""
    found = trail.one(the_actor(), entry_id)
    files = trail.numbered(the_actor(), ids=unpacked(found.people))
    audit.record(db.session, "trail.read")
    return page("audit/entry.html", entry=found, files=files, names=trail.names([found]), words=words)


@bp.get("/files/<uuid:file_id>")
@requires(Permission.AUDIT_READ, Permission.FILE_TRAIL)
def file(file_id: UUID) -> Any:
    """Who saw this file."""
    numbered, found = trail.who_saw(the_actor(), file_id, request.args.get("cursor"))
    audit.record(db.session, "trail.file_read")
    return page(
        "audit/file.html",
        file=numbered,
        rows=found.items,
        reads_trail=the_actor().may(Permission.AUDIT_READ),
        next_url=url_for(".file", file_id=file_id, cursor=found.next) if found.next else None,
        first_url=url_for(".file", file_id=file_id) if request.args.get("cursor") else None,
    )


@bp.route("/days/<uuid:user_id>/<day>/<sign>", methods=["GET", "POST"])
@requires(Permission.AUDIT_REVIEW)
def day(user_id: UUID, day: str, sign: str) -> Any:
    """A user's day that stood out: what was opened and when; what came of it is said here."""
    on = read_day(day)
    if on is None or sign not in signs.SIGNS:
        raise NotFound()
    actor, form = the_actor(), ReviewDayForm()
    found = signs.of_day(actor, user_id, on)
    form.offer()
    if form.validate_on_submit() and attempt(form, service.review, form.command, user_id, on, sign, actor):
        flash(_("Saved."), "ok")
        return redirect(url_for("today.index"))
    audit.record(db.session, "trail.read")
    return page(
        "audit/day.html",
        form=form,
        found=found,
        mine=user_id == actor.user_id,
        said=sign_words.line(found, sign),
        numbers={file.file_id: file for file in trail.numbered(actor, ids=[row.file_id for row in found.files])},
        entries_url=url_for(".index", username=found.user.username, from_on=on, to_on=on),
    )
