"""The register of organisations a station works with."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for

from caseapp import reference
from caseapp.access import policy
from caseapp.access.permissions import Permission
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import attempt, page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.core.text import _
from caseapp.forms.details.governance.project import PartnerForm
from caseapp.forms.fields import words
from caseapp.queries.details.governance import partners as queries
from caseapp.services.details.governance import projects as service


def register(bp: Blueprint) -> None:
    """Hangs the pages under `/governance/partners`."""

    @bp.get("/partners")
    @requires(Permission.CASE_READ)
    def partners() -> Any:
        """By kind; `?kind=` one of them, `?former=1` those no longer worked with."""
        kind, former = request.args.get("kind"), request.args.get("former") == "1"
        kind = kind if reference.codes("governance_partner_kind").valid(kind) else None
        found = queries.listed(kind, former, request.args.get("cursor"))
        kept: dict[str, Any] = {"kind": kind, "former": "1" if former else None}
        return page(
            "governance/partners.html",
            rows=found.items,
            kind=kind,
            former=former,
            kinds=words("governance_partner_kind", PartnerForm(formdata=None).language()),
            next_url=url_for(".partners", cursor=found.next, **kept) if found.next else None,
        )

    @bp.route("/partners/new", methods=["GET", "POST"])
    @requires(Permission.CASE_WRITE)
    def new_partner() -> Any:
        """One more."""
        form = PartnerForm()
        if form.validate_on_submit() and attempt(form, service.add_partner, form.command, the_actor()):
            flash(_("Saved."), "ok")
            return redirect(url_for(".partners"))
        return page("governance/partner_form.html", form=form, row=None)

    @bp.route("/partners/<uuid:partner_id>/edit", methods=["GET", "POST"])
    @requires(Permission.CASE_WRITE)
    def edit_partner(partner_id: UUID) -> Any:
        """Put right, or no longer worked with."""
        row, form = queries.one(partner_id), PartnerForm()
        policy.require(the_actor(), Permission.CASE_WRITE, row)
        if not form.is_submitted():
            form.show(row)
        if form.validate_on_submit() and attempt(form, service.edit_partner, form.command, row, the_actor()):
            flash(_("Saved."), "ok")
            return redirect(url_for(".partners"))
        return page("governance/partner_form.html", form=form, row=row)
