"""Means sheets of a case: the list, one on a page, begun, finished, voided, printed."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, url_for

from caseapp import reference
from caseapp.access.permissions import Permission
from caseapp.blueprints.assistance import words
from caseapp.blueprints.http.filters import moment
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import attempt, page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.core import clock, dates
from caseapp.core.text import _
from caseapp.domains.base import Domain
from caseapp.extensions import db
from caseapp.forms.details.assistance.means import FinishForm, VoidForm
from caseapp.models.casework import Case
from caseapp.models.details.assistance import MeansSheet
from caseapp.models.details.assistance.means import MEMBERS, MONEY
from caseapp.queries.casework import cases
from caseapp.queries.details.assistance import family as families
from caseapp.queries.details.assistance import gaps, sheets, sums
from caseapp.queries.details.assistance.family import of_case
from caseapp.queries.organisation import workers
from caseapp.services.details.assistance import means as service
from caseapp.services.trust import audit


def register(bp: Blueprint, domain: Domain) -> None:
    """Hangs the pages under `/assistance/cases/<case_id>/means`."""

    @bp.get("/cases/<uuid:case_id>/means")
    @requires(Permission.CASE_READ)
    def means(case_id: UUID) -> Any:
        """Every sheet of the family, the latest first."""
        case = cases.opened(case_id, the_actor(), domain=domain.code)
        audit.opened(db.session, case, "means.listed")
        found = sheets.of_family(of_case(case))
        return page(
            "assistance/means.html",
            case=case,
            domain=domain,
            rows=[(row, sums.Sums.read(row.totals) if row.totals is not None else None) for row in found],
            people=workers.names({row.created_by_id for row in found}),
            begun=next((row for row in found if row.state == "draft" and row.case_id == case.id), None),
        )

    @bp.post("/cases/<uuid:case_id>/means/begin")
    @requires(Permission.CASE_WRITE)
    def begin_means(case_id: UUID) -> Any:
        """A new sheet, or the one that is being filled in."""
        case = cases.opened(case_id, the_actor(), Permission.CASE_WRITE, domain.code)
        sheet = service.begin(case, the_actor())
        return redirect(url_for(".sheet", case_id=case.id, sheet_id=sheet.id))

    @bp.get("/cases/<uuid:case_id>/means/<uuid:sheet_id>")
    @requires(Permission.CASE_READ)
    def sheet(case_id: UUID, sheet_id: UUID) -> Any:
        """A sheet on one page: sums beside the last one, what is missing, each section."""
        case = cases.opened(case_id, the_actor(), domain=domain.code)
        row = sheets.one(sheet_id, case)
        audit.opened(db.session, case, "means.opened")
        form = FinishForm(version=service.whole_version(row))
        return page("assistance/sheet.html", form=form, domain=domain, **whole(row, case))

    @bp.post("/cases/<uuid:case_id>/means/<uuid:sheet_id>/household")
    @requires(Permission.CASE_WRITE)
    def read_household(case_id: UUID, sheet_id: UUID) -> Any:
        """Takes over who belongs to the household now."""
        case = cases.opened(case_id, the_actor(), Permission.CASE_WRITE, domain.code)
        service.read_household(sheets.one(sheet_id, case), case, the_actor())
        flash(_("The members stand as in the household now."), "ok")
        return redirect(url_for(".members", case_id=case.id, sheet_id=sheet_id))

    @bp.post("/cases/<uuid:case_id>/means/<uuid:sheet_id>/finish")
    @requires(Permission.CASE_WRITE)
    def finish_sheet(case_id: UUID, sheet_id: UUID) -> Any:
        """Freezes the sheet."""
        case = cases.opened(case_id, the_actor(), Permission.CASE_WRITE, domain.code)
        row, form = sheets.one(sheet_id, case), FinishForm()
        if form.validate_on_submit() and attempt(form, service.finish, form.command, row, case, the_actor()):
            flash(_("The sheet is finished. It is evidence for the authority, which decides."), "ok")
            return redirect(url_for(".sheet", case_id=case.id, sheet_id=row.id))
        return page("assistance/sheet.html", form=form, domain=domain, **whole(row, case))

    @bp.route("/cases/<uuid:case_id>/means/<uuid:sheet_id>/void", methods=["GET", "POST"])
    @requires(Permission.CASE_WRITE)
    def void_sheet(case_id: UUID, sheet_id: UUID) -> Any:
        """The sheet no longer counts, with a reason."""
        case = cases.opened(case_id, the_actor(), Permission.CASE_WRITE, domain.code)
        row, form = sheets.one(sheet_id, case), VoidForm()
        if not form.is_submitted():
            form.version.data = service.whole_version(row)
        elif form.validate() and attempt(form, service.void, form.command, row, case, the_actor()):
            flash(_("The sheet no longer counts."), "ok")
            return redirect(url_for(".means", case_id=case.id))
        return page("assistance/void_sheet.html", form=form, case=case, domain=domain, sheet=row)

    @bp.get("/cases/<uuid:case_id>/means/<uuid:sheet_id>/print")
    @requires(Permission.CASE_READ)
    def print_sheet(case_id: UUID, sheet_id: UUID) -> Any:
        """The sheet on paper, with lines for every signature."""
        case = cases.opened(case_id, the_actor(), domain=domain.code)
        row = sheets.one(sheet_id, case)
        audit.opened(db.session, case, "means.printed")
        trace = _("Printed by %(name)s, %(when)s", name=the_actor().user_name, when=moment(clock.now()))
        return page("assistance/print_sheet.html", domain=domain, trace=trace, file_number=case.case_no, **whole(row, case))


def whole(row: MeansSheet, case: Case) -> dict[str, Any]:
    """What page and print share."""
    named, family = sheets.by_name(row), of_case(case)
    members = families.shown(named[MEMBERS].content, the_actor())
    last = sheets.last_finished(family, before=row)
    now = sheets.sums_of(row)
    before = sheets.sums_of(last) if last is not None else None
    missing = [gap for gap in gaps.of(row, named) if row.state == "draft" or not gap.needed]
    until = row.enquired_on or clock.today()
    return {
        "case": case,
        "sheet": row,
        "named": named,
        "money_sections": MONEY,
        "members": members,
        "names": {member["key"]: member["name"] or _("Name not shown") for member in members},
        "sums": now,
        "last": last,
        "before": before,
        "beside": sums.beside(now, before),
        "counted_kinds": reference.codes("assistance_income").having("group", "counted"),
        "last_lines": _last_lines(last),
        "needed": [(gap, words.gap_words(gap)) for gap in missing if gap.needed],
        "left_open": words.grouped([gap for gap in missing if not gap.needed]),
        "staff": words.staff_words(row),
        "since": dates.add_months(until, -sums.MONTHS),
        "until": until,
        "year_of": sums.year_of,
        "times_of": sums.times_of,
        "counted": sums.counted(members),
        "is_mine": sums.belongs,
        "people": workers.names({row.finished_by_id, row.created_by_id, *(s.updated_by_id for s in row.sections)}),
        "household_changed": row.state == "draft" and _changed(family, named[MEMBERS].content or []),
    }


def _last_lines(last: MeansSheet | None) -> dict[str, int]:
    """What each line of the last sheet came to, by its key."""
    if last is None:
        return {}
    named = sheets.by_name(last)
    return {line["key"]: sums.year_of(name, line) for name in MONEY for line in named[name].content or []}


def _changed(family: families.Family, kept: list[dict[str, Any]]) -> bool:
    """Whether somebody came to the household or left it since the sheet took its members over."""
    return {member.key for member in families.members(family)} != {member["key"] for member in kept}
