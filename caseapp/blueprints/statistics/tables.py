"""The published tables: the list by subject, and one table at one area with chart, sum check and notes."""

from typing import Any

from flask import request, url_for

from caseapp.access.permissions import Permission
from caseapp.blueprints.http import saved
from caseapp.blueprints.http.filters import tag
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.blueprints.statistics import charts, sums
from caseapp.blueprints.statistics.blueprint import area_choices, bp, cell, level_words, period_choices, release_facts, why_url
from caseapp.core.periods import is_month
from caseapp.core.text import _
from caseapp.queries.statistics import focus, published
from caseapp.queries.statistics.published import Figures, Line
from caseapp.reference.statistics import key_of

WIDE = 9  # values that still fit as columns beside each other


@bp.get("/tables")
@requires(Permission.FIGURES_READ)
def tables() -> Any:
    """Every table of the catalogue under its subject, with what it says."""
    actor = the_actor()
    release = published.of_period(actor, request.args.get("period") or None, months=True)
    if release is None:
        return page("statistics/none.html")
    levels = {place.level for place in published.places(actor, release)}
    subjects = published.catalogue(release).by_subject()
    return page(
        "statistics/tables.html",
        release=release,
        subjects=[(subject, [t for t in held if levels & set(t.levels)]) for subject, held in subjects],
        periods=period_choices(actor, months=levels != {"township"}),
        level_words=level_words,
        **release_facts(release),
    )


@bp.get("/tables/<table>")
@requires(Permission.FIGURES_READ)
def table(table: str) -> Any:
    """One table: of the newest quarter and the grant's own area, unless others are chosen."""
    actor = the_actor()
    release = published.of_period(actor, request.args.get("period") or None, months=True)
    found = published.figures_of(actor, release, table, request.args.get("area") or None)
    kind, here = found.table, found.own.place
    places = [place for place in published.places(actor, found.release) if place.level in kind.levels]
    chosen: dict[str, Any] = {"table": table, "period": found.release.period}
    tall = kind.crossed or (bool(kind.dimensions) and len(kind.dimensions[-1].values) > WIDE)
    if tall:
        rows = _values_down(found, published.margins(actor, found) if kind.crossed else found.own.shown)
    else:
        rows = [_row(line, found, chosen) for line in found.lines]
    overlap = any(dimension.overlap for dimension in kind.dimensions)
    across = bool(kind.dimensions) and not overlap and (not tall or kind.crossed)
    down = not kind.derived and not (tall and overlap) and (tall or bool(found.below))
    return page(
        "statistics/table.html",
        figures=found,
        offer=saved.offered("table", table=table),
        title=kind.label(tag()),
        unit=kind.fact("unit", tag()),
        definition=kind.fact("definition", tag()),
        overlap=overlap,
        sums=" ".join(word for word, holds in (("rows", across), ("columns", down)) if holds),
        checked=sums.check(rows, across=across, down=down),
        focus=focus.of_place(here.code),
        tables=[(other.code, other.label(tag())) for other in published.catalogue(found.release).tables],
        periods=period_choices(actor, here.code, months=here.level in kind.months),
        areas=area_choices(places, here),
        first=kind.dimensions[0].label(tag()) if tall else _("Area"),
        columns=_columns(found, tall),
        rows=rows,
        below=[(line.place.short, url_for(".table", **chosen, area=line.place.code)) for line in found.below] if tall else [],
        crumbs=[(place.short, url_for(".table", **chosen, area=place.code)) for place in found.above],
        chart=_chart(found),
        compare_url=None
        if kind.crossed or kind.derived or is_month(found.release.period)
        else url_for(".compare", table=kind.code, area=here.code, period=found.release.period),
        **release_facts(found.release, found),
    )


def _columns(found: Figures, tall: bool) -> list[str]:
    kind = found.table
    if kind.crossed:
        return [*(value.label(tag()) for value in kind.dimensions[-1].values), _("Total")]
    if tall or not kind.dimensions:
        return [found.own.place.short if tall else kind.label(tag())]
    return [*(value.label(tag()) for value in kind.dimensions[-1].values), _("Total")]


def _row(line: Line, found: Figures, chosen: dict[str, Any]) -> dict[str, Any]:
    """An area with its values beside each other."""
    kind, own = found.table, line is found.own
    deeper = not own and line.place.level != kind.levels[-1]
    values = kind.dimensions[-1].values if kind.dimensions else ()
    keys = [*(kind.dims_key(value.code) for value in values), ""]
    return {
        "label": line.place.short,
        "url": url_for(".table", **chosen, area=line.place.code) if deeper else None,
        "cells": [cell(line.shown[key]) for key in keys],
        "why": [why_url(found.release, kind.code, line.place.code, key) for key in keys],
        "total": own and bool(found.below),
    }


def _values_down(found: Figures, shown: dict[str, str]) -> list[dict[str, Any]]:
    """The values of the first dimension under each other, for the area alone; totals at the edges."""
    kind = found.table
    down, beside = kind.dimensions[0], kind.dimensions[1] if kind.crossed else None

    def row(one: str, label: str) -> dict[str, Any]:
        across = [{beside.code: value.code} for value in beside.values] if beside else []
        keys = [key_of(({down.code: one} if one else {}) | more) for more in (*across, {})]
        why = [why_url(found.release, kind.code, found.own.place.code, key) for key in keys]
        return {"label": label, "cells": [cell(shown[key]) for key in keys], "why": why, "total": not one}

    return [*(row(value.code, value.label(tag())) for value in down.values), row("", _("Total"))]


def _chart(found: Figures) -> dict[str, Any] | None:
    """Bars of the area's own parts; of the areas below it where the table is not divided."""
    kind = found.table
    if kind.crossed:
        return None
    if kind.dimensions:
        pairs = [(value.label(tag()), found.own.shown[kind.dims_key(value.code)]) for value in kind.dimensions[0].values]
    else:
        pairs = [(line.place.short, line.shown[""]) for line in found.below]
    unit = kind.fact("unit", tag())
    return charts.bars(pairs, kind.label(tag()), found.own.place.short, found.release.period, unit, areas=not kind.dimensions)
