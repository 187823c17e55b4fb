"""The trail for auditors, and "who saw this file" for heads."""

from typing import Any
from uuid import UUID

from flask import Blueprint, request, url_for

from caseapp.access.permissions import Permission
from caseapp.blueprints.audit import words
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.extensions import db
from caseapp.forms.trust.trail import TrailFilterForm
from caseapp.queries.trust import trail
from caseapp.schemas.trust.trail import unpacked
from caseapp.services.trust import audit

bp = Blueprint("audit", __name__, url_prefix="/audit")


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
        next_url=url_for(".file", file_id=file_id, cursor=found.next) if found.next else None,
        first_url=url_for(".file", file_id=file_id) if request.args.get("cursor") else None,
    )
