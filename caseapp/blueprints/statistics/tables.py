"""One published table at one area: chart and table together, with definition, mark and cut-off."""

from typing import Any

from flask import request, url_for

from caseapp.access.permissions import Permission
from caseapp.blueprints.http.filters import number, tag
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.blueprints.statistics.blueprint import bp, cell, level_words, release_facts
from caseapp.core.text import _
from caseapp.queries.statistics import published
from caseapp.queries.statistics.published import Figures, Line
from caseapp.services.statistics.exports import quarter_words


@bp.get("/")
@requires(Permission.FIGURES_READ)
def index() -> Any:
    """Choose table, quarter and area; what is not chosen is the first table, the newest quarter, the grant's own area."""
    actor = the_actor()
    release = published.of_period(actor, request.args.get("period") or None)
    if release is None:
        return page("statistics/none.html")
    catalogue = published.catalogue(release)
    code = request.args.get("table") or catalogue.tables[0].code
    found = published.figures_of(actor, release, code, request.args.get("area") or None)
    depth = len(found.table.levels)
    places = [p for p in published.places(actor, release) if p.level in found.table.levels]
    chosen: dict[str, Any] = {"table": code, "period": release.period}
    return page(
        "statistics/index.html",
        figures=found,
        title=found.table.label(tag()),
        unit=found.table.fact("unit", tag()),
        definition=found.table.fact("definition", tag()),
        tables=[(table.code, table.label(tag())) for table in catalogue.tables],
        periods=[(period, quarter_words(period)) for period in published.periods(actor)],
        areas=[(place.code, f"{level_words(place.level)} {place.name}") for place in places],
        columns=[*(value.label(tag()) for value in found.values), _("Total") if found.values else found.table.label(tag())],
        rows=[_row(line, found, chosen, depth) for line in found.lines],
        crumbs=[(place.name, url_for(".index", **chosen, area=place.code)) for place in found.above],
        chart=_chart(found),
        **release_facts(release, found),
    )


def _row(line: Line, found: Figures, chosen: dict[str, Any], depth: int) -> dict[str, Any]:
    own = line is found.own
    deeper = not own and line.place.level != found.table.levels[depth - 1]
    return {
        "label": line.place.name,
        "url": url_for(".index", **chosen, area=line.place.code) if deeper else None,
        "cells": [*(cell(line.shown[value.code]) for value in found.values), cell(line.shown[""])],
        "total": own and bool(found.below),
    }


def _chart(found: Figures) -> dict[str, Any] | None:
    """Bars of the area's own parts; of the areas below it where the table is not divided. None where nothing is shown."""
    if found.values:
        labels = [value.label(tag()) for value in found.values]
        shown = [found.own.shown[value.code] for value in found.values]
    else:
        labels = [line.place.name for line in found.below]
        shown = [line.shown[""] for line in found.below]
    pairs = [(label, _value(text)) for label, text in zip(labels, shown, strict=True) if text not in ("0", published.NOTHING)]
    known = [(label, value) for label, value in pairs if value is not None]
    if not known:
        return None
    highest = max(known, key=lambda pair: pair[1])
    return {
        "items": pairs,
        "finding": _(
            "%(table)s, %(place)s, %(period)s: the highest is %(label)s with %(value)s %(unit)s.",
            table=found.table.label(tag()),
            place=found.own.place.name,
            period=quarter_words(found.release.period),
            label=highest[0],
            value=number(highest[1]),
            unit=found.table.fact("unit", tag()),
        ),
    }


def _value(shown: str) -> Any:
    value = cell(shown)
    return float(value) if isinstance(value, str) else value
