"""A bureau's desk of published figures: four figures with their base, one of them over the areas below, a map of squares."""

from typing import Any

from flask import request, url_for

from caseapp.access.permissions import Permission
from caseapp.blueprints.http.filters import tag
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.blueprints.statistics import charts, glance
from caseapp.blueprints.statistics.blueprint import bp, cell, level_words, period_choices, release_facts
from caseapp.blueprints.statistics.cartogram import cartogram
from caseapp.core.errors import NotFound
from caseapp.core.text import _
from caseapp.queries.statistics import focus, published
from caseapp.queries.statistics.published import Place
from caseapp.services.statistics.exports import quarter_words


@bp.get("/")
@requires(Permission.FIGURES_READ)
def index() -> Any:
    """The newest quarter of the grant's own area, unless others are chosen."""
    actor = the_actor()
    release = published.of_period(actor, request.args.get("period") or None)
    places = published.places(actor, release) if release else []
    if release is None or not places:
        return page("statistics/none.html")
    known = {place.code: place for place in places}
    here = known.get(request.args.get("area") or places[0].code)
    figures = {figure.code: figure for figure in glance.choices()}
    chosen = figures.get(request.args.get("figure") or "on_file")
    table = published.catalogue(release).table(chosen.table) if chosen else None
    if here is None or chosen is None or table is None:
        raise NotFound()
    earlier = published.before(actor, release)
    tiles, _hidden = glance.tiles(actor, release, here.code, earlier)
    now = published.across(actor, release, chosen.table)
    then = published.across(actor, earlier, chosen.table) if earlier else {}
    below = [place for place in places if place.parent == here.code and place.code in now]
    args: dict[str, Any] = {"period": release.period, "figure": chosen.code}
    rows = [_row(place, now, then, args, own=place is here) for place in (*below, here)]
    pairs = [(place.name, now[place.code]) for place in below]
    shown = [now.get(place.code) for place in (*below, here)]
    return page(
        "statistics/dashboard.html",
        release=release,
        area=here,
        tiles=tiles,
        chosen=chosen,
        title=table.label(tag()),
        definition=table.fact("definition", tag()),
        focus=focus.of_place(here.code),
        figure_tabs=[
            (f.label, url_for(".index", period=release.period, area=here.code, figure=f.code), None, f is chosen)
            for f in figures.values()
        ],
        periods=period_choices(actor),
        areas=[(place.code, f"{level_words(place.level)} {place.name}") for place in places],
        crumbs=[(place.name, url_for(".index", **args, area=place.code)) for place in charts.above(known, here)],
        columns=[quarter_words(release.period), *([quarter_words(earlier.period), _("Difference")] if earlier else [])],
        rows=rows,
        chart=charts.bars(pairs, chosen.label, here.name, release.period, chosen.unit, areas=True),
        map=cartogram(places, here, now, args) if here.level in ("province", "city") else None,
        hidden="*" in shown,
        **release_facts(release),
    )


def _row(place: Place, now: dict[str, str], then: dict[str, str], args: dict[str, Any], *, own: bool) -> dict[str, Any]:
    cells = [cell(now.get(place.code, published.NOTHING))]
    if then:
        before = then.get(place.code, published.NOTHING)
        cells += [cell(before), _change(now.get(place.code, published.NOTHING), before)]
    url = None if own or place.level == "township" else url_for(".index", **args, area=place.code)
    return {"label": place.name, "url": url, "cells": cells, "total": own}


def _change(now: str, before: str) -> str:
    """What has changed, where both are shown; nothing may be told from what is not."""
    try:
        gone = float(now) - float(before)
    except ValueError:
        return ""
    return f"{gone:+.1f}" if "." in now or "." in before else f"{int(gone):+,}"
