"""Reports and circulars: the list, the own text of the bureau beside what the figures say, and the sheet for paper (A4)."""

from typing import Any

from flask import flash, redirect, request, url_for

from caseapp.access.permissions import Permission
from caseapp.blueprints.http.filters import tag
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import attempt, page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.blueprints.statistics import drafting
from caseapp.blueprints.statistics.blueprint import area_choices, bp
from caseapp.blueprints.statistics.circular import circular
from caseapp.blueprints.statistics.drafting import Draft
from caseapp.blueprints.statistics.yearly import yearly
from caseapp.core.actor import Actor
from caseapp.core.dates import DIGITS
from caseapp.core.text import _
from caseapp.forms.statistics.document import WriteDocumentForm
from caseapp.queries.statistics import documents as queries
from caseapp.queries.statistics import published
from caseapp.schemas.statistics.document import YEARLY
from caseapp.services.statistics import documents as service
from caseapp.services.statistics.exports import quarter_words


@bp.app_template_global("document_words")
def document_words(kind: str, period: str) -> str:
    """A document in words, for templates."""
    if kind == YEARLY:
        return _("Yearly service report %(year)s", year=period)
    return _("Progress circular, %(quarter)s", quarter=quarter_words(period))


@bp.get("/documents")
@requires(Permission.FIGURES_READ)
def documents() -> Any:
    """What can be drafted of an area, and what the bureau has written into already."""
    actor = the_actor()
    release = published.of_period(actor)
    places = published.places(actor, release) if release else []
    if release is None or not places:
        return page("statistics/none.html")
    names = {place.code: place.short for place in places}
    area = request.args.get("area") if request.args.get("area") in names else places[0].code
    here = next(place for place in places if place.code == area)
    return page(
        "statistics/documents.html",
        area=here,
        areas=area_choices(places, here),
        drafts=queries.there_are(actor, area),
        written=[(row, names.get(row.area, row.area)) for row in queries.written(actor)],
    )


@bp.route("/documents/<document>/<period>", methods=["GET", "POST"])
@requires(Permission.FIGURES_EXPORT)
def document(document: str, period: str) -> Any:
    """What the figures say, part by part, and the bureau's own text to each."""
    actor = the_actor()
    draft = _draft(actor, document, period)
    row = queries.own(actor, document, period, draft.area.code)
    form = WriteDocumentForm(data=_held(row))
    key = (document, period, draft.area.code)
    if form.validate_on_submit() and attempt(form, service.write, form.command, actor, key):
        flash(_("Saved. Only your bureau sees it."), "ok")
        return redirect(url_for(".document_sheet", document=document, period=period, area=draft.area.code), 303)
    return page("statistics/document.html", form=form, draft=draft, row=row, **_codes(document, period))


@bp.get("/documents/<document>/<period>/sheet")
@requires(Permission.FIGURES_READ)
def document_sheet(document: str, period: str) -> Any:
    """The whole of it for paper: figures, own text, hidden marks, definitions, releases."""
    actor = the_actor()
    draft = _draft(actor, document, period)
    row = queries.own(actor, document, period, draft.area.code)
    return page(
        "statistics/document_sheet.html",
        draft=draft,
        row=row,
        words=row.words if row else {},
        bureau=queries.bureau(actor),
        definitions=drafting.definitions(draft),
        sources=drafting.sources(draft.releases),
        numerals=list(DIGITS) if tag() == "zh" else [str(n) for n in range(1, 11)],
        threshold=published.catalogue(draft.releases[-1]).threshold,
        **_codes(document, period),
    )


def _draft(actor: Actor, kind: str, period: str) -> Draft:
    """NotFound for what is not there: the kind, the period, the area."""
    queries.known(actor, kind, period)
    area = request.args.get("area") or None
    return yearly(actor, period, area) if kind == YEARLY else circular(actor, period, area)


def _codes(kind: str, period: str) -> dict[str, Any]:
    return {"kind": kind, "period": period, "joined": drafting.joined}


def _held(row: Any) -> dict[str, Any]:
    """What a form begins with."""
    if row is None:
        return {"version": 0}
    return {"version": row.version, "number": row.number, "recipients": row.recipients, **row.words}
