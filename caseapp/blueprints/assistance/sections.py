"""The parts of a means sheet as forms: the enquiry, the members, the lines of money; saved one by one, with drafts."""

from collections.abc import Sequence
from dataclasses import asdict
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request, url_for

from caseapp.access.permissions import Permission
from caseapp.blueprints.assistance import merging
from caseapp.blueprints.http import conflicts
from caseapp.blueprints.http.filters import label, moment
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import attempt, page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.core import clock, dates
from caseapp.core.errors import Conflict, NotFound
from caseapp.core.text import _
from caseapp.domains.base import Domain
from caseapp.forms.details.assistance.means import EnquiryForm, MembersForm, section_form
from caseapp.models.casework import Case
from caseapp.models.details.assistance import MeansSection, MeansSheet
from caseapp.models.details.assistance.means import MEMBERS, MONEY
from caseapp.queries.casework import cases
from caseapp.queries.details.assistance import family as families
from caseapp.queries.details.assistance import sheets
from caseapp.queries.details.assistance.sums import MONTHS
from caseapp.queries.organisation import workers
from caseapp.services.details.assistance import means as service

ORDER = ("visit", MEMBERS, *MONEY)
ENDPOINTS = {"visit": "enquiry", MEMBERS: "members"}


def register(bp: Blueprint, domain: Domain) -> None:
    """Hangs the forms under `/assistance/cases/<case_id>/means/<sheet_id>/…`."""

    @bp.route("/cases/<uuid:case_id>/means/<uuid:sheet_id>/enquiry", methods=["GET", "POST"])
    @requires(Permission.CASE_WRITE)
    def enquiry(case_id: UUID, sheet_id: UUID) -> Any:
        """Who enquired, when, how, with what consent."""
        case, row = _draft(case_id, sheet_id, domain)
        form: Any = EnquiryForm()
        fresh: Any = EnquiryForm(formdata=None)
        people = [(str(key), name) for key, name in workers.of(the_actor())]
        for one in (form, fresh):
            one.offer(people)
        fresh.show(row)
        if not form.is_submitted():
            form.show(row)
            form.enquired_on.data = row.enquired_on or clock.today().isoformat()
        else:
            conflicts.resolve(form, fresh)
            if form.validate():
                if form.version.data != row.version:
                    return conflicts.page(form, fresh, row, _sheet_url(case, row))
                if attempt(form, service.write_enquiry, form.command, row, the_actor()):
                    return _onward(case, row, "visit")
        base = conflicts.base(fresh)
        return page("assistance/enquiry.html", form=form, base=base, **_shared(case, row, domain, "visit"))

    @bp.route("/cases/<uuid:case_id>/means/<uuid:sheet_id>/members", methods=["GET", "POST"])
    @requires(Permission.CASE_WRITE)
    def members(case_id: UUID, sheet_id: UUID) -> Any:
        """Who is counted; the members themselves come from the household."""
        case, row = _draft(case_id, sheet_id, domain)
        section, form = sheets.by_name(row)[MEMBERS], MembersForm()
        if not form.is_submitted():
            form.show(section)
        elif form.validate():
            if form.version.data != section.version:
                return _members_again(form, case, row, section, domain)
            if attempt(form, service.write_members, form.command, row, the_actor()):
                return _onward(case, row, MEMBERS)
        return page("assistance/members.html", form=form, **_members_facts(case, row, section, domain))

    @bp.route("/cases/<uuid:case_id>/means/<uuid:sheet_id>/sections/<section>", methods=["GET", "POST"])
    @requires(Permission.CASE_WRITE)
    def section(case_id: UUID, sheet_id: UUID, section: str) -> Any:
        """The lines of one section, saved whole."""
        case, row = _draft(case_id, sheet_id, domain)
        if section not in MONEY:
            raise NotFound()
        return _lines(case, row, sheets.by_name(row)[section], domain)


def _draft(case_id: UUID, sheet_id: UUID, domain: Domain) -> tuple[Case, MeansSheet]:
    """Case and sheet; a frozen sheet has no forms."""
    case = cases.opened(case_id, the_actor(), Permission.CASE_WRITE, domain.code)
    row = sheets.one(sheet_id, case)
    if row.state != "draft":
        raise Conflict(service.FROZEN, code="means_frozen")
    return case, row


def _lines(case: Case, row: MeansSheet, section: MeansSection, domain: Domain) -> Any:
    people = families.shown(sheets.by_name(row)[MEMBERS].content, the_actor())
    form: Any = section_form(section.section)()
    facts = _shared(case, row, domain, section.section) | _period(row)
    if not form.is_submitted():
        form.show(section)
    elif form.more.data:
        form.renew()
        form.lines.add(2)
        form.offer(people)
        return page("assistance/section.html", form=form, base=_base(section), status=200, **facts)
    else:
        form.offer(people)
        if form.validate():
            if form.version.data != section.version:
                return _lines_again(form, people, section, facts)
            if attempt(form, service.write_section, form.command, section.section, row, the_actor()):
                return _onward(case, row, section.section)
    form.offer(people)
    return page("assistance/section.html", form=form, base=_base(section), **facts)


def _lines_again(form: Any, people: Sequence[dict[str, Any]], section: MeansSection, facts: dict[str, Any]) -> Response:
    """Somebody saved this section meanwhile: the rows of both, to be looked through and saved."""
    merged = merging.merge(
        merging.read(request.form.get("base", "")), [asdict(line) for line in form.command.lines], section.content or []
    )
    form.drawn_from(section.version)
    form.said_none.data = form.said_none.data and not merged.rows
    form.put(merged.rows)
    form.offer(people)
    other = _other(section)
    return page(
        "assistance/section.html",
        form=form,
        base=merging.base(section.content or []),
        merged=merged,
        other=other,
        status=409,
        **facts,
    )


def _members_again(form: Any, case: Case, row: MeansSheet, section: MeansSection, domain: Domain) -> Response:
    """Somebody decided about the members meanwhile, or the household was read again: both are shown together."""
    content = section.content or []
    theirs = _decisions(content)
    merged = merging.merge(
        merging.read(request.form.get("base", "")), [asdict(member) for member in form.command.members], theirs
    )
    decided = {line["key"]: line for line in merged.rows}
    form.show(SimpleNamespace(version=section.version, content=[{**one, **decided.get(one["key"], {})} for one in content]))
    facts = _members_facts(case, row, section, domain) | {"base": _marks(content)}
    return page("assistance/members.html", form=form, merged=merged, other=_other(section), status=409, **facts)


def _members_facts(case: Case, row: MeansSheet, section: MeansSection, domain: Domain) -> dict[str, Any]:
    """The members as the household has them, by key, and what the form was drawn from."""
    kept = section.content or []
    return {
        "people": {member["key"]: member for member in families.shown(kept, the_actor())},
        "base": request.form.get("base") or _marks(kept),
        "changed": {member.key for member in families.members(families.of_case(case))} != {member["key"] for member in kept},
        **_shared(case, row, domain, MEMBERS),
    }


def _decisions(members: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """What is decided about each member, by key."""
    return [{name: member.get(name) for name in ("key", "counted", "why", "work")} for member in members]


def _marks(members: Sequence[dict[str, Any]]) -> str:
    return merging.base(_decisions(members))


def _base(section: MeansSection) -> str:
    """Marks of the rows a form was drawn from: as they came back with it, else as they are stored."""
    return request.form.get("base", "")[: merging.LARGEST] or merging.base(section.content or [])


def _other(section: MeansSection) -> str:
    """Who saved meanwhile, and when."""
    name = workers.names([section.updated_by_id]).get(section.updated_by_id) if section.updated_by_id else None
    return _(
        "%(name)s saved at %(when)s.", name=name or _("Somebody else"), when=moment(section.updated_at or section.created_at)
    )


def _shared(case: Case, row: MeansSheet, domain: Domain, part: str) -> dict[str, Any]:
    """What every form of a sheet shows around it: where it stands among the parts."""
    saved = {section.section: section.saved for section in row.sections}
    saved["visit"] = row.enquired_on is not None
    steps = [(name, label("assistance_section", name), url(case, row, name), saved[name], name == part) for name in ORDER]
    return {"case": case, "sheet": row, "domain": domain, "part": part, "steps": steps, "next_part": _next(part)}


def _period(row: MeansSheet) -> dict[str, Any]:
    until = row.enquired_on or clock.today()
    return {"since": dates.add_months(until, -MONTHS), "until": until}


def _next(part: str) -> str | None:
    place = ORDER.index(part) + 1
    return ORDER[place] if place < len(ORDER) else None


def url(case: Case, row: MeansSheet, part: str) -> str:
    """The form of one part of a sheet."""
    if part in ENDPOINTS:
        return url_for(f".{ENDPOINTS[part]}", case_id=case.id, sheet_id=row.id)
    return url_for(".section", case_id=case.id, sheet_id=row.id, section=part)


def _sheet_url(case: Case, row: MeansSheet) -> str:
    return url_for(".sheet", case_id=case.id, sheet_id=row.id)


def _onward(case: Case, row: MeansSheet, part: str) -> Any:
    """After saving: to the next part, or to the sheet where that was asked for or nothing follows."""
    flash(_("Saved."), "ok")
    following = _next(part)
    if "stay" not in request.form and following is not None:
        return redirect(url(case, row, following))
    return redirect(_sheet_url(case, row))
