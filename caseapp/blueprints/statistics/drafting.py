"""What reports and circulars are made of: parts with sentences and tables, drawn from what is published and from nothing else."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from caseapp.blueprints.http.filters import number, percent, tag
from caseapp.blueprints.statistics.blueprint import cell, merged, why_url
from caseapp.core import clock
from caseapp.core.text import _, ngettext
from caseapp.models.statistics import StatRelease
from caseapp.queries.statistics import published
from caseapp.queries.statistics.coverage import Gaps
from caseapp.queries.statistics.history import Cells, Past, Wanted, value
from caseapp.queries.statistics.published import HIDDEN, NOTHING, Place
from caseapp.reference.statistics import Catalogue, TableKind

WORDS = ("period", "cut_off", "persons", "attendances", "person_months", "hidden", "mark_rule")  # printed at the end

NAMED = 12  # places that a sentence names at most


@dataclass(frozen=True)
class Sheet:
    """One table of a part, as the macro `figures_table` takes it."""

    caption: str
    first: str
    columns: list[Any]
    rows: list[dict[str, Any]]
    note: str = ""


@dataclass(frozen=True)
class Part:
    """One part: what the figures say in sentences and tables; the bureau's own text stands between them."""

    code: str
    title: str
    sentences: list[str] = field(default_factory=list)
    sheets: list[Sheet] = field(default_factory=list)


@dataclass(frozen=True)
class Draft:
    """A document without the own text."""

    title: str
    period: str
    area: Place
    parts: list[Part]
    tables: list[TableKind]  # whose definitions stand at the end
    releases: list[StatRelease]
    places: Sequence[Place] = ()  # the areas that it names


def joined(sentences: Sequence[str]) -> str:
    """Sentences one after the other, as the language sets them."""
    return ("" if tag() == "zh" else " ").join(sentences)


def said(shown: str) -> str:
    """A cell in a sentence."""
    if shown == NOTHING:
        return "—"
    return number(int(shown)) if shown.isdigit() else shown


def summed(cells: Cells, releases: Iterable[StatRelease], area: str, wanted: Wanted) -> str:
    """The sum over releases: an asterisk where one of them is not shown, nothing where one has no such cell."""
    shown = [cells.shown(release, area, wanted) for release in releases]
    if HIDDEN in shown:
        return HIDDEN
    known = [int(text) for text in shown if text.isdigit()]
    return str(sum(known)) if known and len(known) == len(shown) else NOTHING


def over(past: Past, cells: Cells, area: str, wanted: Wanted) -> tuple[list[Any], list[str | None]]:
    """The cells of one line over the periods, and where each asterisk is explained."""
    releases = [past.releases.get(period) for period in past.periods]
    shown = [cell(cells.shown(release, area, wanted)) for release in releases]
    return shown, [why_url(release, wanted[0], area, wanted[1]) for release in releases]


def whole(catalogue: Catalogue, past: Past, cells: Cells, area: str, wanted: Wanted) -> Any:
    """What stands under the year: a sum where periods add up, the last figure of a stock, nothing where humans would count twice."""
    table = catalogue.table(wanted[0])
    goes = "distinct" if table is None or table.derived else catalogue.over_time(table.measure)
    if goes == "stock":
        return cell(cells.shown(last(past), area, wanted))
    return cell(summed(cells, past.releases.values(), area, wanted)) if goes == "sum" else "—"


def last(past: Past) -> StatRelease | None:
    """The newest release among these periods."""
    return next((past.releases[period] for period in reversed(past.periods) if period in past.releases), None)


def is_told(row: Mapping[str, Any]) -> bool:
    """Whether anything of a line is published, be it an asterisk."""
    return any(shown != "—" for shown in row["cells"])


def by_value(table: TableKind | None) -> list[tuple[str, str]]:
    """(key, label) of every value of a table that is divided once, the total last; nothing for a table that is not there."""
    if table is None or len(table.dimensions) != 1:
        return []
    values = [(table.dims_key(value.code), value.label(tag())) for value in table.dimensions[0].values]
    return [*values, ("", _("Total"))]


def basics(places: Sequence[Place], here: Place, gaps: Gaps) -> list[str]:
    """How far the stations reach: areas with figures by level, what has none."""
    below = [place for place in places if place.path.startswith(here.path) and place is not here]
    counties = sum(place.level == "county" for place in below)
    towns = sum(place.level == "township" for place in below)
    parts = []
    if counties:
        parts.append(ngettext("Figures are published of %(num)s county.", "Figures are published of %(num)s counties.", counties))
    if towns:
        parts.append(
            ngettext(
                "At the lowest level figures are published of %(num)s area with a station.",
                "At the lowest level figures are published of %(num)s areas with a station.",
                towns,
            )
        )
    if gaps.no_station:
        names = "、".join(gaps.no_station[:NAMED])
        words = ngettext("%(num)s county has no station yet", "%(num)s counties have no station yet", len(gaps.no_station))
        parts.append(_("%(words)s: %(names)s.", words=words, names=names + ("…" if len(gaps.no_station) > NAMED else "")))
    if gaps.not_counted:
        names = "、".join(gaps.not_counted)
        parts.append(_("Not in these figures yet, because their station came after the release: %(names)s.", names=names))
    return parts


def span(title: str, cells: Cells, release: StatRelease | None, places: Sequence[Place], wanted: Wanted, unit: str) -> list[str]:
    """Between which figures the areas lie that are shown; of areas none is called the first."""
    shown = [cells.shown(release, place.code, wanted) for place in places]
    known = [told for text in shown if (told := value(text)) is not None]
    if len(known) < 2:
        return []
    low, high = (f"{end:.1f}" if "." in "".join(shown) else number(int(end)) for end in (min(known), max(known)))
    words = _("%(title)s: the areas shown lie between %(low)s and %(high)s %(unit)s.", title=title, low=low, high=high, unit=unit)
    hidden = sum(text == HIDDEN for text in shown)
    if hidden:
        return [words, ngettext("%(num)s area is not shown.", "%(num)s areas are not shown.", hidden)]
    return [words]


def definitions(draft: Draft) -> list[tuple[str, str]]:
    """What every table of the document counts, then what holds for all of them."""
    catalogue = published.catalogue(draft.releases[-1])
    told = dict.fromkeys((table.label(tag()), table.fact("definition", tag())) for table in draft.tables)
    general = [catalogue.words[code].label(tag()) for code in WORDS if code in catalogue.words]
    areas = [(short, _("Published as one area: %(names)s.", names=name)) for short, name in merged(draft.places)]
    return [*told, *areas, (_("For all tables"), joined(general))]


def sources(releases: Sequence[StatRelease]) -> list[dict[str, Any]]:
    """The releases behind the figures: which, cut off when, how much is hidden, the head of the chain."""
    return [
        {
            "label": f"{release.period} / {release.number}",
            "cells": [
                release.cut_off_on.isoformat(),
                clock.local(release.published_at).date().isoformat(),
                percent(release.hidden / release.cells if release.cells else 0),
                str(published.catalogue(release).threshold),
                release.cells_sha256[:16],
                (release.head or "")[:16],
            ],
        }
        for release in releases
    ]
