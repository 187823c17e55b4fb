"""Voiding, moving and amending a visit, each on a page that says what changes."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, url_for

from caseapp.access import policy
from caseapp.access.permissions import Permission as P
from caseapp.blueprints.http import conflicts
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import attempt, page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.blueprints.visits.blueprint import bp
from caseapp.blueprints.visits.shared import words
from caseapp.core.text import _
from caseapp.extensions import db
from caseapp.forms.casework.visit import AmendVisitForm, MoveVisitForm, VoidVisitForm
from caseapp.queries.casework import visits as q
from caseapp.services.casework import visits


@bp.route("/visits/<uuid:visit_id>/void", methods=["GET", "POST"])
@requires(P.VISIT_VOID)
def void(visit_id: UUID) -> Any:
    """Takes a visit out of every count."""
    return _undo(visit_id, VoidVisitForm, visits.void_visit, "visits/void.html", _("The visit is voided."))


@bp.route("/visits/<uuid:visit_id>/move", methods=["GET", "POST"])
@requires(P.VISIT_VOID)
def move(visit_id: UUID) -> Any:
    """Puts a visit on the day it really took place."""
    return _undo(visit_id, MoveVisitForm, visits.move_visit, "visits/move.html", _("The visit stands on the right day now."))


@bp.route("/visits/<uuid:visit_id>/amend", methods=["GET", "POST"])
@requires(P.VISIT_WRITE)
def amend(visit_id: UUID) -> Any:
    """Changes the words of a young visit."""
    actor = the_actor()
    found = q.visit_page(visit_id)
    policy.require(actor, P.VISIT_WRITE, found.visit)
    form, fresh = AmendVisitForm(), AmendVisitForm(formdata=None)
    for one in (fresh, form) if not form.is_submitted() else (fresh,):
        one.version.data, one.note.data = found.visit.version, found.visit.note or ""
        one.findings.data = list(found.persons[0].findings or ())
    form.offer()
    fresh.offer()
    if form.is_submitted() and conflicts.is_stale(form, fresh, found.visit) and form.validate():
        return conflicts.page(form, fresh, found.visit, url_for(".show", visit_id=visit_id))
    if form.validate_on_submit() and attempt(form, visits.amend_visit, form.command, found.visit, actor):
        flash(_("Saved."), "ok")
        return redirect(url_for(".show", visit_id=visit_id))
    return page("visits/amend.html", form=form, it=found, base=conflicts.base(fresh), **words())


def _undo(visit_id: UUID, kind: Any, verb: Any, template: str, said: str) -> Any:
    actor = the_actor()
    found = q.visit_page(visit_id)
    policy.require(actor, P.VISIT_VOID, found.visit)
    form = kind()
    if not form.is_submitted():
        form.version.data = found.visit.version
    if form.validate_on_submit():
        visit = attempt(form, verb, form.command, found.visit, actor)
        if visit:
            flash(said, "ok")
            return redirect(url_for(".show", visit_id=visit.id))
        db.session.rollback()
        found = q.visit_page(visit_id)
    return page(template, form=form, it=found, **words())
