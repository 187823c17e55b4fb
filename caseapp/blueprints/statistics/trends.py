"""Small charts over the periods before: bars from zero, a gap with its mark where a figure is not shown, and a sentence."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from caseapp.blueprints.http.filters import number
from caseapp.blueprints.statistics.blueprint import cell
from caseapp.core.text import _, ngettext
from caseapp.queries.statistics.history import Cells, Past, Wanted, value
from caseapp.queries.statistics.published import HIDDEN
from caseapp.services.statistics.exports import quarter_words

WIDTH, HEIGHT, TOP, FOOT = 264, 92, 16, 20  # of the drawing; labels stand above the bars and below the axis


@dataclass(frozen=True)
class Bar:
    """One period: where its bar stands, or what stands in its gap. `label` is written over it where there is room."""

    x: float
    y: float
    width: float
    height: float
    mark: str  # "" with a bar, * not shown, – not released
    label: str
    period: str  # in short, under the first and the last


@dataclass(frozen=True)
class Trend:
    """One figure over time: its bars, the sentence for who reads, and the table beside it."""

    title: str
    unit: str
    bars: list[Bar]
    finding: str
    rows: list[dict[str, Any]]
    axis: float = TOP + HEIGHT
    width: int = WIDTH
    full: int = TOP + HEIGHT + FOOT


def trend(title: str, unit: str, past: Past, cells: Cells, area: str, wanted: Wanted) -> Trend:
    """The figure of an area over these periods."""
    shown = [cells.shown(past.releases.get(period), area, wanted) for period in past.periods]
    known = [value(text) for text in shown]
    top = max((number for number in known if number), default=1) or 1
    slot = WIDTH / len(shown)
    last = max((place for place, number in enumerate(known) if number is not None), default=-1)
    first = next((place for place, number in enumerate(known) if number is not None), -1)
    bars = []
    for place, (period, text, held) in enumerate(zip(past.periods, shown, known, strict=True)):
        height = round(HEIGHT * held / top, 1) if held else 0
        bars.append(
            Bar(
                x=round(place * slot + slot * 0.14, 1),
                y=round(TOP + HEIGHT - height, 1),
                width=round(slot * 0.72, 1),
                height=height,
                mark="" if held is not None else "*" if text == HIDDEN else "–",
                label=_said(text) if place in (first, last) else "",
                period=_short(period) if place in (0, len(shown) - 1) else "",
            )
        )
    rows = [{"label": quarter_words(period), "cells": [cell(text)]} for period, text in zip(past.periods, shown, strict=True)]
    return Trend(title, unit, bars, _finding(title, unit, past, shown), rows)


def _finding(title: str, unit: str, past: Past, shown: Sequence[str]) -> str:
    told = [(period, text) for period, text in zip(past.periods, shown, strict=True) if value(text) is not None]
    if not told:
        return _("%(title)s: no period is shown.", title=title)
    (first, then), (last, now) = told[0], told[-1]
    if first == last:
        said = _("%(title)s: %(now)s %(unit)s in %(last)s.", title=title, unit=unit, now=_said(now), last=quarter_words(last))
    else:
        said = _(
            "%(title)s: %(then)s %(unit)s in %(first)s, %(now)s in %(last)s.",
            title=title,
            unit=unit,
            then=_said(then),
            first=quarter_words(first),
            now=_said(now),
            last=quarter_words(last),
        )
    hidden = sum(text == HIDDEN for text in shown)
    if hidden:
        said += " " + ngettext("%(num)s period is not shown.", "%(num)s periods are not shown.", hidden)
    return said


def _said(text: str) -> str:
    return number(int(text)) if text.isdigit() else text


def _short(period: str) -> str:
    """26Q3: what stands under a bar."""
    return period[2:]


def over_time(figures: Sequence[tuple[str, str, Wanted]], past: Past, cells: Cells, area: str) -> list[Trend]:
    """A chart for each figure of which any period is shown or hidden in the area."""
    made = [trend(title, unit, past, cells, area, wanted) for title, unit, wanted in figures]
    return [one for one in made if any(bar.mark != "–" for bar in one.bars)]
