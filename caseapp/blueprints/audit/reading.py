"""The trail by question: what somebody saw on a day, and who searched for some words."""

from typing import Any

from flask import request, url_for

from caseapp.access.permissions import Permission
from caseapp.blueprints.audit import words
from caseapp.blueprints.audit.blueprint import bp
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.extensions import db
from caseapp.forms.trust.trail import SearchedForForm, SeenOnForm
from caseapp.queries.trust import reading, trail
from caseapp.schemas.trust.trail import unpacked
from caseapp.services.trust import audit


@bp.get("/seen")
@requires(Permission.AUDIT_READ)
def seen() -> Any:
    """A person's day: what was read, changed, searched for and taken out, in the order in which it happened."""
    form = SeenOnForm(request.args)
    wanted = form.command if request.args.get("username") and form.validate() else None
    found = reading.day_of(the_actor(), wanted.username, wanted.day, request.args.get("cursor")) if wanted else None
    audit.record(db.session, "trail.read")
    asked = {"username": wanted.username, "day": wanted.day} if wanted else {}
    return page(
        "audit/seen.html",
        filter=form,
        wanted=wanted,
        found=found,
        unpacked=unpacked,
        most=reading.SHOWN,
        next_url=url_for(".seen", **asked, cursor=found.entries.next) if found and found.entries.next else None,
        first_url=url_for(".seen", **asked) if request.args.get("cursor") else None,
        words=words,
    )


@bp.route("/searches", methods=["GET", "POST"])
@requires(Permission.AUDIT_READ, reading=True)
def searches() -> Any:
    """Who searched for these words: compared by their digest, so that they are kept nowhere, not here either."""
    form, found = SearchedForForm(), None
    if form.validate_on_submit():
        found = reading.searches(the_actor(), audit.search_digest(form.command.q))
    audit.record(db.session, "trail.read")
    return page("audit/searches.html", form=form, found=found, names=trail.names(found or []), words=words)
