"""Delegated care of a child: who is entrusted with it, the agreement to print, the end."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, url_for

from caseapp.access.permissions import Permission
from caseapp.blueprints.http.filters import moment
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import attempt, page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.core import clock, dates
from caseapp.core.text import _
from caseapp.domains.children import DOMAIN
from caseapp.extensions import db
from caseapp.forms.details.children.care import DelegateForm, EndDelegationForm
from caseapp.models.casework import Case
from caseapp.models.details.children import ChildrenDelegation
from caseapp.queries.casework import cases
from caseapp.queries.details.children import care as queries
from caseapp.queries.organisation import places
from caseapp.services.details.children import care as service
from caseapp.services.trust import audit


def register(bp: Blueprint) -> None:
    """Hangs the pages under `/children/cases/<case_id>/care/delegations`."""

    @bp.route("/cases/<uuid:case_id>/care/delegations/new", methods=["GET", "POST"])
    @requires(Permission.CASE_WRITE)
    def new_delegation(case_id: UUID) -> Any:
        """Somebody is entrusted with the child."""
        case, form = _case(case_id), DelegateForm()
        form.offer()
        if not form.is_submitted():
            form.from_on.data = clock.today().isoformat()
            form.to_on.data = dates.add_months(clock.today(), 12).isoformat()
        elif form.validate() and (row := attempt(form, service.delegate, form.command, case, the_actor())):
            flash(_("Saved. Print the agreement and have it signed."), "ok")
            return redirect(url_for(".print_delegation", case_id=case.id, row_id=row.id))
        return page("children/new_delegation.html", form=form, case=case, domain=DOMAIN)

    @bp.route("/cases/<uuid:case_id>/care/delegations/<uuid:row_id>/end", methods=["GET", "POST"])
    @requires(Permission.CASE_WRITE)
    def end_delegation(case_id: UUID, row_id: UUID) -> Any:
        """A delegation is over."""
        case, form = _case(case_id), EndDelegationForm()
        row = queries.one(ChildrenDelegation, row_id, case)
        if not form.is_submitted():
            form.version.data, form.ended_on.data = row.version, clock.today().isoformat()
        elif form.validate() and attempt(form, service.end_delegation, form.command, row, case, the_actor()):
            flash(_("Saved."), "ok")
            return redirect(url_for(".care", case_id=case.id))
        return page("children/end_delegation.html", form=form, case=case, domain=DOMAIN, row=row)

    @bp.get("/cases/<uuid:case_id>/care/delegations/<uuid:row_id>/print")
    @requires(Permission.CASE_READ)
    def print_delegation(case_id: UUID, row_id: UUID) -> Any:
        """The agreement on paper, with lines to sign."""
        case = cases.opened(case_id, the_actor(), domain=DOMAIN.code)
        row = queries.one(ChildrenDelegation, row_id, case)
        audit.opened(db.session, case, "case.delegation_printed")
        trace = _("Printed by %(name)s, %(when)s", name=the_actor().user_name, when=moment(clock.now()))
        station = places.around(case.station_id)[0]
        return page("children/print_delegation.html", case=case, row=row, trace=trace, station=station, file_number=case.case_no)


def _case(case_id: UUID) -> Case:
    return cases.opened(case_id, the_actor(), Permission.CASE_WRITE, DOMAIN.code)
