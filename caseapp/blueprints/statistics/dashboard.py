"""A bureau's desk of published figures: four figures with their base, what changed, what is late, where, and over time."""

from dataclasses import dataclass
from typing import Any

from flask import request, url_for

from caseapp.access.permissions import Permission
from caseapp.blueprints.http import saved
from caseapp.blueprints.http.filters import tag
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.blueprints.statistics import charts, desk, glance, trends
from caseapp.blueprints.statistics.blueprint import area_choices, bp, cell, period_choices, release_facts, why_url
from caseapp.blueprints.statistics.cartogram import cartogram
from caseapp.core.actor import Actor
from caseapp.core.errors import NotFound
from caseapp.core.text import _
from caseapp.models.statistics import StatRelease
from caseapp.queries.statistics import coverage, focus, history, published
from caseapp.queries.statistics.history import Cells, Past, Wanted
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
    seen = _read(actor, release, places, here, chosen)
    earlier, below = seen.past.before, seen.below
    now = seen.cells.across(release, chosen.wanted)
    args: dict[str, Any] = {"period": release.period, "figure": chosen.code}
    held = [place for place in below if place.code in now]
    rows = [_row(place, seen, release, chosen.wanted, args, own=place is here) for place in (*held, here)]
    pairs = [(place.short, now[place.code]) for place in held]
    kinds, late = desk.late(seen.cells, release, (*below, here), seen.waiting)
    return page(
        "statistics/dashboard.html",
        release=release,
        area=here,
        offer=saved.offered("desk"),
        tiles=glance.strip(seen.cells, release, here.code, earlier),
        chosen=chosen,
        title=table.label(tag()),
        definition=table.fact("definition", tag()),
        focus=focus.of_place(here.code),
        figure_tabs=[
            (f.label, url_for(".index", period=release.period, area=here.code, figure=f.code), None, f is chosen)
            for f in figures.values()
        ],
        periods=period_choices(actor, here.code),
        areas=area_choices(places, here),
        crumbs=[(place.short, url_for(".index", **args, area=place.code)) for place in charts.above(known, here)],
        columns=[quarter_words(release.period), *([quarter_words(earlier.period), _("Difference")] if earlier else [])],
        rows=rows,
        shown_places=(*below, here),
        earlier=earlier,
        changed=desk.changed(seen.cells, release, earlier, here.code, seen.changing),
        late_columns=[{"label": kind.label, "unit": seen.waiting[kind]} for kind in kinds],
        late=late,
        untold=desk.untold(seen.waiting, published.catalogue(release), here),
        due=desk.next_due(published.of_period(actor) or release),
        gaps=coverage.gaps(release, here),
        trends=trends.over_time([(f.label, f.unit, f.wanted) for f in figures.values()], seen.past, seen.cells, here.code),
        chart=charts.bars(pairs, chosen.label, here.short, release.period, chosen.unit, areas=True),
        map=cartogram(places, here, now, args) if here.level in ("province", "city") else None,
        hidden=seen.cells.any_hidden,
        **release_facts(release),
    )


@dataclass(frozen=True)
class Seen:
    """Everything the desk shows, read in a few statements whatever the size of the area."""

    past: Past
    cells: Cells
    below: list[Place]
    changing: dict[desk.Kind, str]
    waiting: dict[desk.Kind, str]


def _read(actor: Actor, release: StatRelease, places: list[Place], here: Place, chosen: glance.Figure) -> Seen:
    """The area's own cells over time, and those of the areas below and on the map for two periods."""
    catalogue, past = published.catalogue(release), history.past(actor, release)
    below = [place for place in places if place.parent == here.code]
    mapped = [place.code for place in places if place.level == "county"] if here.level in ("province", "city") else []
    changing, waiting = desk.held(desk.changing(), catalogue), desk.held(desk.waiting(), catalogue)
    own = {*glance.WANTED, *(kind.wanted for kind in changing)}
    wide = {chosen.wanted, *(kind.wanted for kind in waiting)}
    around = list(dict.fromkeys([here.code, *(place.code for place in below), *mapped]))
    cells = history.cells(actor, past.releases.values(), own, (here.code,))
    cells |= history.cells(actor, (release, past.before), wide, around)
    return Seen(past, cells, below, changing, waiting)


def _row(place: Place, seen: Seen, release: StatRelease, wanted: Wanted, args: dict[str, Any], *, own: bool) -> dict[str, Any]:
    """An area of the chosen figure: now, before, the difference."""
    earlier = seen.past.before
    now, then = seen.cells.shown(release, place.code, wanted), seen.cells.shown(earlier, place.code, wanted)
    url = None if own or place.level == "township" else url_for(".index", **args, area=place.code)
    return {
        "label": place.short,
        "url": url,
        "cells": [cell(now), *([cell(then), desk.change(now, then)] if earlier else [])],
        "why": [why_url(release, wanted[0], place.code), why_url(earlier, wanted[0], place.code), None],
        "total": own,
    }
