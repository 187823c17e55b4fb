"""Areas and periods beside each other, fairly: per 100 persons on file, with n, in the order of the tree, only from what is shown."""

from collections.abc import Mapping
from typing import Any

from flask import request, url_for

from caseapp.access.permissions import Permission
from caseapp.blueprints.http import saved
from caseapp.blueprints.http.filters import tag
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.blueprints.statistics.blueprint import area_choices, bp, cell, period_choices, release_facts, why_url
from caseapp.core.errors import NotFound
from caseapp.core.text import _
from caseapp.models.statistics import StatRelease
from caseapp.queries.statistics import history, published
from caseapp.queries.statistics.history import Cells, Wanted
from caseapp.queries.statistics.published import Place
from caseapp.reference.statistics import Catalogue, TableKind
from caseapp.services.statistics.exports import quarter_words

BASE: Wanted = ("on_file_sex", "")
USUAL = "visits_sex"


@bp.get("/compare")
@requires(Permission.FIGURES_READ)
def compare() -> Any:
    """One figure over the areas below one, in two quarters: the number, and how many come to 100 persons on file."""
    actor = the_actor()
    release = published.of_period(actor, request.args.get("period") or None)
    if release is None:
        return page("statistics/none.html")
    asked = request.args.get("against")
    other = published.of_period(actor, asked) if asked else published.before(actor, release)
    catalogue, places = published.catalogue(release), published.places(actor, release)
    known = {place.code: place for place in places}
    here = known.get(request.args.get("area") or next(iter(known), ""))
    kind = _kinds(catalogue).get(request.args.get("table") or USUAL)
    key = request.args.get("cell") or ""
    if here is None or kind is None or key not in kind.cell_keys():
        raise NotFound()
    below = [place for place in places if place.parent == here.code and place.level in kind.levels]
    wanted = (kind.code, key)
    cells = history.cells(actor, (release, other), (wanted, BASE), [here.code, *(place.code for place in below)])
    rows = [_row(place, cells, (release, other), wanted, catalogue, here) for place in (*below, here)]
    return page(
        "statistics/compare.html",
        release=release,
        other=other,
        area=here,
        title=kind.label(tag()),
        unit=kind.fact("unit", tag()),
        definition=kind.fact("definition", tag()),
        rows=rows,
        shown_places=(*below, here),
        columns=_columns(release, other),
        least=catalogue.compare_least,
        smallest=catalogue.area_minimum,
        chosen={
            "table": kind.code,
            "cell": key,
            "area": here.code,
            "period": release.period,
            "against": other.period if other else "",
        },
        tables=[(one.code, one.label(tag())) for one in _kinds(catalogue).values() if here.level in one.levels or one is kind],
        values=[("", _("Total")), *((kind.dims_key(v.code), v.label(tag())) for d in kind.dimensions for v in d.values)],
        periods=period_choices(actor, here.code),
        areas=area_choices(places, here),
        offer=saved.offered("figures"),
        table_url=url_for(".table", table=kind.code, area=here.code, period=release.period),
        **release_facts(release),
    )


def _kinds(catalogue: Catalogue) -> Mapping[str, TableKind]:
    """What can be compared: counts that are divided once or not at all."""
    return {kind.code: kind for kind in catalogue.tables if not kind.derived and not kind.crossed}


def _columns(release: StatRelease, other: StatRelease | None) -> list[dict[str, str]]:
    found = []
    for one in (release, other):
        if one is not None:
            words = quarter_words(one.period)
            found += [
                {"label": words, "unit": "n"},
                {"label": _("On file"), "unit": words},
                {"label": _("Per 100"), "unit": words},
            ]
    return [*found, *([{"label": _("Difference"), "unit": _("per 100")}] if other else [])]


def _row(
    place: Place,
    cells: Cells,
    releases: tuple[StatRelease, StatRelease | None],
    wanted: Wanted,
    catalogue: Catalogue,
    here: Place,
) -> dict[str, Any]:
    """An area: for each quarter n, the persons on file and the rate, then by how much the rates differ."""
    shown: list[Any] = []
    why: list[str | None] = []
    rates = []
    for release in releases:
        if release is None:
            continue
        n, base = cells.value(release, place.code, wanted), cells.value(release, place.code, BASE)
        made = rate(n, base, catalogue.compare_least, catalogue.area_minimum)
        rates.append(made)
        few = n is not None and base is not None and made is None
        shown += [cell(cells.shown(release, place.code, one)) for one in (wanted, BASE)]
        shown.append(f"{made:.1f}" if made is not None else _("too few") if few else "")
        why += [why_url(release, table, place.code, key) for table, key in (wanted, BASE)] + [None]
    if len(rates) > 1:
        shown.append(f"{rates[0] - rates[1]:+.1f}" if rates[0] is not None and rates[1] is not None else "")
        why.append(None)
    return {"label": place.short, "cells": shown, "why": why, "total": place is here}


def rate(n: float | None, base: float | None, least: int, smallest: int) -> float | None:
    """How many come to 100 of the base, one decimal; None where either is not shown, or n or the base is too small to compare."""
    if n is None or base is None or n < least or base < smallest:
        return None
    return round(100 * n / base, 1)
