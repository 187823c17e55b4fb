"""The progress circular (定期通报, S-7.7) of a quarter: what changed, how the areas stand, what is late. Areas are not ranked."""

from typing import Any

from flask import url_for

from caseapp.blueprints.http.filters import number
from caseapp.blueprints.statistics import desk
from caseapp.blueprints.statistics.blueprint import cell, why_url
from caseapp.blueprints.statistics.compare import rate
from caseapp.blueprints.statistics.drafting import Draft, Part, Sheet, basics, joined, said, span
from caseapp.blueprints.statistics.glance import MET
from caseapp.core.actor import Actor
from caseapp.core.errors import NotFound
from caseapp.core.text import _
from caseapp.models.statistics import StatRelease
from caseapp.queries.statistics import coverage, history, published
from caseapp.queries.statistics.history import Cells, Wanted
from caseapp.queries.statistics.published import Place
from caseapp.reference.statistics import Catalogue
from caseapp.services.statistics.exports import quarter_words

ON_FILE: Wanted = ("on_file_sex", "")
VISITS: Wanted = ("visits_sex", "")
SERVICES: Wanted = ("services_domain", "")
DUE: Wanted = ("duty_met", "")
RATE: Wanted = ("visit_rate", "")
WIDE = (ON_FILE, VISITS, SERVICES, DUE, ("duty_met", MET), RATE)


def circular(actor: Actor, period: str, area: str | None) -> Draft:
    """The draft of a quarter in an area under the grant; NotFound where it is not released."""
    release = published.of_period(actor, period)
    if release is None:
        raise NotFound()
    catalogue, places = published.catalogue(release), published.places(actor, release)
    here = next((place for place in places if area in (None, "", place.code)), None)
    if here is None:
        raise NotFound()
    below = [place for place in places if place.parent == here.code]
    past = history.past(actor, release, 2)
    changing, waiting = desk.held(desk.changing(), catalogue), desk.held(desk.waiting(), catalogue)
    cells = history.cells(actor, past.releases.values(), {*WIDE, *(kind.wanted for kind in changing)}, (here.code,))
    wide = {*WIDE, *(kind.wanted for kind in waiting)}
    cells |= history.cells(actor, (release,), wide, [here.code, *(place.code for place in below)])
    parts = [
        Part("opening", _("Scope"), basics(places, here, coverage.gaps(release, here))),
        Part("progress", _("Overall progress"), *_progress(cells, release, past.before, here, changing)),
        Part("areas", _("Across the area"), *_areas(cells, release, (*below, here), catalogue)),
        Part("late", _("What is late"), *_late(cells, release, (*below, here), waiting)),
        Part("practice", _("Good practice")),
        Part("demands", _("What is required")),
    ]
    used = dict.fromkeys([*(kind.wanted[0] for kind in (*changing, *waiting)), *(table for table, _key in WIDE)])
    told = [table for code in used if (table := catalogue.table(code)) is not None and here.level in table.levels]
    title = _("Progress circular of %(area)s, %(quarter)s", area=here.short, quarter=quarter_words(period))
    return Draft(title, period, here, parts, told, [one for one in (past.before, release) if one is not None], (*below, here))


def _progress(
    cells: Cells, release: StatRelease, earlier: StatRelease | None, here: Place, kinds: dict[desk.Kind, str]
) -> tuple[list[str], list[Sheet]]:
    quarter = quarter_words(release.period)
    now = {wanted: said(cells.shown(release, here.code, wanted)) for wanted in WIDE}
    sentences = [
        _(
            "At the end of %(quarter)s %(n)s persons were on file; in the quarter there were %(visits)s visits and %(services)s "
            "services (attendances).",
            quarter=quarter,
            n=now[ON_FILE],
            visits=now[VISITS],
            services=now[SERVICES],
        ),
        _(
            "Of %(due)s monthly visits that were due (person-months) %(met)s were made; the monthly visit rate is %(rate)s.",
            due=now[DUE],
            met=now["duty_met", MET],
            rate=now[RATE] + "%" * now[RATE][:1].isdigit(),
        ),
    ]
    columns = [quarter, *([quarter_words(earlier.period), _("Difference")] if earlier else [])]
    rows = desk.changed(cells, release, earlier, here.code, kinds)
    note = "" if earlier else _("The quarter before was not released: there is nothing to compare with.")
    return sentences, [Sheet(_("Changes from quarter to quarter"), _("Figure"), columns, rows, note)] if rows else []


def _areas(cells: Cells, release: StatRelease, places: tuple[Place, ...], catalogue: Catalogue) -> tuple[list[str], list[Sheet]]:
    below = places[:-1]
    rows = [_row(place, cells, release, catalogue, own=place is places[-1]) for place in places]
    columns = [
        {"label": _("On file"), "unit": _("persons")},
        {"label": _("Visits"), "unit": _("attendances")},
        {"label": _("Per 100"), "unit": _("Visits")},
        {"label": _("Services"), "unit": _("attendances")},
        {"label": _("Per 100"), "unit": _("Services")},
        {"label": _("Monthly visits due"), "unit": "n"},
        {"label": _("Monthly visit rate"), "unit": "%"},
    ]
    order = _("Per 100 persons on file at the end of the quarter. Areas stand in the order of the tree, not of their figures.")
    few = _(
        "No rate where a figure is not shown; “too few” where n is below %(n)s or fewer than %(base)s persons are on file: chance "
        "would weigh more than the work.",
        n=catalogue.compare_least,
        base=catalogue.area_minimum,
    )
    sentences = span(_("Persons on file"), cells, release, below, ON_FILE, _("persons"))
    sentences += span(_("Monthly visit rate"), cells, release, below, RATE, "%")
    return sentences, [Sheet(_("Across the area"), _("Area"), columns, rows, joined([order, few]))]


def _row(place: Place, cells: Cells, release: StatRelease, catalogue: Catalogue, *, own: bool) -> dict[str, Any]:
    """An area: what was done, and how much that is for 100 persons on file where both are shown and large enough."""

    def shown(wanted: Wanted) -> Any:
        return cell(cells.shown(release, place.code, wanted))

    def per(wanted: Wanted) -> str:
        n, base = cells.value(release, place.code, wanted), cells.value(release, place.code, ON_FILE)
        made = rate(n, base, catalogue.compare_least, catalogue.area_minimum)
        if made is None:
            return _("too few") if n is not None and base is not None else ""
        return number(made)

    few = (cells.value(release, place.code, DUE) or catalogue.compare_least) < catalogue.compare_least
    order = (ON_FILE, VISITS, None, SERVICES, None, DUE, RATE)
    return {
        "label": place.short,
        "url": url_for("statistics.index", area=place.code, period=release.period),
        "cells": [
            shown(ON_FILE),
            shown(VISITS),
            per(VISITS),
            shown(SERVICES),
            per(SERVICES),
            shown(DUE),
            _("too few") if few and shown(RATE) is not None else shown(RATE),
        ],
        "why": [why_url(release, wanted[0], place.code, wanted[1]) if wanted else None for wanted in order],
        "total": own,
    }


def _late(
    cells: Cells, release: StatRelease, places: tuple[Place, ...], waiting: dict[desk.Kind, str]
) -> tuple[list[str], list[Sheet]]:
    due = desk.next_due(release)
    untold = desk.untold(waiting, published.catalogue(release), places[-1])
    sentences = [_("The next release, of %(quarter)s, is due on %(day)s.", quarter=due["quarter"], day=due["due"])] if due else []
    sentences += [untold] if untold else []
    kinds, rows = desk.late(cells, release, places, waiting)
    if not rows:
        return [_("Nothing that is published of this area says so."), *sentences], []
    columns = [{"label": kind.label, "unit": waiting[kind]} for kind in kinds]
    note = _("As it stood in the released quarter. Areas where nothing is late are left out; an asterisk may stand for 0.")
    return sentences, [Sheet(_("What is late"), _("Area"), columns, rows, note)]
