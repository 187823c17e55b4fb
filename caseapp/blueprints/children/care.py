"""Care and safety of a child on one page; noting a contact of the parents, looking at the home."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, url_for

from caseapp.access.permissions import Permission
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import attempt, page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.core import clock
from caseapp.core.errors import NotFound
from caseapp.core.text import _
from caseapp.domains.children import DOMAIN
from caseapp.extensions import db
from caseapp.forms.details.children.care import ContactForm, safety_form
from caseapp.models.casework import Case
from caseapp.models.details.children import ChildrenContact, ChildrenSafetyCheck
from caseapp.queries.casework import cases
from caseapp.queries.details.children import care as queries
from caseapp.services.details.children import care as service
from caseapp.services.trust import audit

VOIDABLE = {"contact": ChildrenContact, "check": ChildrenSafetyCheck}


def register(bp: Blueprint) -> None:
    """Hangs the pages under `/children/cases/<case_id>/care`."""

    @bp.get("/cases/<uuid:case_id>/care")
    @requires(Permission.CASE_READ)
    def care(case_id: UUID) -> Any:
        """Everything on one page; a contact is noted with two taps."""
        case = cases.opened(case_id, the_actor(), domain=DOMAIN.code)
        audit.opened(db.session, case, "case.care")
        contacts, checks = queries.contacts(case.id), queries.checks(case.id)
        detail = cases.detail_of(case, DOMAIN.detail)
        last = next((row.happened_on for row in contacts if row.voided_at is None), None)
        return page(
            "children/care.html",
            case=case,
            domain=DOMAIN,
            detail=detail,
            delegations=queries.delegations(case.id),
            contacts=contacts,
            weeks=queries.weeks(contacts),
            away=queries.parents_away(detail),
            late=queries.contact_late(case, detail, last),
            checks=checks,
            items=queries.items_for(case.client),
            contact_form=_contact_form(),
        )

    @bp.route("/cases/<uuid:case_id>/care/contacts/new", methods=["GET", "POST"])
    @requires(Permission.CASE_WRITE)
    def new_contact(case_id: UUID) -> Any:
        """Parents were in touch."""
        case = _case(case_id)
        form = ContactForm()
        if not form.is_submitted():
            form = _contact_form()
        elif form.validate() and attempt(form, service.note_contact, form.command, case, the_actor()):
            flash(_("Saved."), "ok")
            return redirect(url_for(".care", case_id=case.id))
        return page("children/new_contact.html", form=form, case=case, domain=DOMAIN)

    @bp.route("/cases/<uuid:case_id>/care/safety/new", methods=["GET", "POST"])
    @requires(Permission.CASE_WRITE)
    def new_check(case_id: UUID) -> Any:
        """A look at the home."""
        case = _case(case_id)
        form = safety_form(queries.items_for(case.client))()
        form.offer()
        if not form.is_submitted():
            form.checked_on.data = clock.today().isoformat()
        elif form.validate() and attempt(form, service.check_safety, form.command, case, the_actor()):
            flash(_("Saved."), "ok")
            return redirect(url_for(".care", case_id=case.id))
        return page("children/new_check.html", form=form, case=case, domain=DOMAIN, last=queries.last_check(case.id))

    @bp.post("/cases/<uuid:case_id>/care/<what>/<uuid:row_id>/void")
    @requires(Permission.CASE_WRITE)
    def void_care(case_id: UUID, what: str, row_id: UUID) -> Any:
        """An entry that was wrong."""
        if what not in VOIDABLE:
            raise NotFound()
        case = _case(case_id)
        service.void(queries.one(VOIDABLE[what], row_id, case), case, the_actor())
        flash(_("This entry no longer counts."), "ok")
        return redirect(url_for(".care", case_id=case.id))


def _case(case_id: UUID) -> Case:
    return cases.opened(case_id, the_actor(), Permission.CASE_WRITE, DOMAIN.code)


def _contact_form() -> ContactForm:
    """Today, by phone: the usual entry is two taps."""
    form = ContactForm(formdata=None)
    form.happened_on.data, form.how.data = clock.today().isoformat(), "phone"
    return form
