"""Referrals that go out from a case: the list, and a new one."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, url_for

from caseapp.access.permissions import Permission
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import attempt, page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.blueprints.referrals.writing import offered, shown_county
from caseapp.core import clock
from caseapp.core.text import _
from caseapp.domains.base import Domain
from caseapp.forms.casework.referral import WriteReferralForm
from caseapp.queries.casework import cases
from caseapp.queries.casework.referrals import boxes
from caseapp.services.casework.referrals import write


def register(bp: Blueprint, domain: Domain) -> None:
    """Hangs the pages under `/<domain>/cases/<case_id>/referrals`."""

    @bp.get("/cases/<uuid:case_id>/referrals")
    @requires(Permission.REFERRAL_READ)
    def referrals(case_id: UUID) -> Any:
        """Referrals of a case, the newest first."""
        case = cases.opened(case_id, the_actor(), Permission.REFERRAL_READ, domain.code)
        rows = boxes.lines(boxes.of_case(case), the_actor())
        return page("referrals/of_case.html", case=case, domain=domain, rows=rows, can=case.status in write.SENDING)

    @bp.route("/cases/<uuid:case_id>/referrals/new", methods=["GET", "POST"])
    @requires(Permission.REFERRAL_WRITE)
    def refer(case_id: UUID) -> Any:
        """A draft: what it would hand over is shown before it is sent."""
        case = cases.opened(case_id, the_actor(), Permission.REFERRAL_WRITE, domain.code)
        form = WriteReferralForm()
        county = offered(form, case)
        if not form.is_submitted():
            form.signed_on.data = clock.today().isoformat()
            form.sections.data = ["person", "contacts", "situation", "risk"]
        elif form.validate() and (row := attempt(form, write.draft, form.command, case, the_actor())):
            flash(_("Look at what is handed over, then send it."), "ok")
            return redirect(url_for("referrals.show", referral_id=row.id))
        return page("referrals/write.html", form=form, case=case, row=None, **shown_county(county))
