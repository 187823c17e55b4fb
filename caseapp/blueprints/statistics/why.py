"""Why a cell is not shown: the rules in words with an invented example, and one page for each asterisk, which never says which rule."""

from dataclasses import dataclass
from typing import Any

from flask import redirect, request, url_for

from caseapp.access.permissions import Permission
from caseapp.blueprints.http.filters import tag
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.blueprints.statistics.blueprint import bp, cell, level_words, release_facts
from caseapp.core.actor import Actor
from caseapp.core.errors import NotFound
from caseapp.core.text import _
from caseapp.queries.statistics import history, published
from caseapp.queries.statistics.history import Cells
from caseapp.queries.statistics.published import HIDDEN, Figures, Place
from caseapp.reference.statistics import Catalogue, TableKind, Value
from caseapp.services.statistics.exports import quarter_words


@bp.get("/why")
@requires(Permission.FIGURES_READ)
def why() -> Any:
    """Why a cell is not shown, with an example of four cells."""
    release = published.of_period(the_actor())
    reasons = rules(published.catalogue(release)) if release else []
    return page("statistics/why.html", reasons=reasons)


@bp.get("/tables/<table>/why")
@requires(Permission.FIGURES_READ)
def why_cell(table: str) -> Any:
    """One asterisk: where it stands, which rules can hide such a cell, what is shown instead. A cell that is shown leads to its table."""
    actor = the_actor()
    release = published.of_period(actor, request.args.get("period") or None, months=True)
    found = published.figures_of(actor, release, table, request.args.get("area") or None)
    key, kind = request.args.get("cell") or "", found.table
    values = _values(kind, key)
    own = published.margins(actor, found) if kind.crossed else found.own.shown
    if key not in own:
        raise NotFound()
    here = found.own.place
    address = url_for(".table", table=table, area=here.code, period=found.release.period)
    if own[key] != HIDDEN:
        return redirect(address)
    catalogue = published.catalogue(found.release)
    around = _around(actor, found, key)
    return page(
        "statistics/why_cell.html",
        title=kind.label(tag()),
        place=here,
        period=quarter_words(found.release.period),
        value=_(", ").join(value.label(tag()) for value in values) or _("Total"),
        address=address,
        list_address=url_for(".tables", period=found.release.period),
        crumbs=[
            (place.short, url_for(".table", table=table, area=place.code, period=found.release.period)) for place in found.above
        ],
        reasons=rules(catalogue, kind, values),
        sums=_sums(found, key, own, around),
        instead=_instead(found, key, own, around),
        **release_facts(found.release, found),
    )


@dataclass(frozen=True)
class Rule:
    """One reason for which a cell may be hidden."""

    title: str
    text: str


def rules(catalogue: Catalogue, kind: TableKind | None = None, values: tuple[Value, ...] = ()) -> list[Rule]:
    """The rules that can hide a cell of a table; without one all that there are. Parameters are those of the catalogue."""
    found = []
    if kind is not None and kind.derived:
        return [
            Rule(
                _("Made from a figure that is not shown"), _("A rate is given only where both numbers it is made from are shown.")
            )
        ]
    if kind is None or not kind.magnitude:
        least = max((value.k for value in values), default=catalogue.threshold)
        text = _("From 1 to %(most)s persons would stand behind it. One could tell who they are.", most=least - 1)
        if kind is None:
            text += " " + _("For minors and some other groups the limit is 10 persons.")
        found.append(Rule(_("Few persons"), text))
    if kind is None or kind.magnitude:
        text = _("Fewer than %(n)s persons would stand behind it, or one of them makes up most of it.", n=catalogue.contributors)
        found.append(Rule(_("One person weighs too much"), text))
    if kind is None or kind.sensitive:
        text = _("Everybody of a small known group would have the same answer, and so would be told.")
        found.append(Rule(_("All alike"), text))
    found += [
        Rule(
            _("Another cell would be told"),
            _("It stands in a sum with a cell that must not be shown. With this one shown, that one could be reckoned."),
        ),
        Rule(
            _("A station knows its own part"),
            _("A station could take its own number off and would see the few persons of the others."),
        ),
    ]
    if kind is None or any(kind.measure in pair.flows for pair in catalogue.balances):
        found.append(
            Rule(
                _("Two quarters would tell it"),
                _("What came and what left is the difference of two ends of a quarter. Both are kept back together."),
            )
        )
    return found


def _values(kind: TableKind, key: str) -> tuple[Value, ...]:
    """The values a key names; NotFound for what is no cell of the table or its margins."""
    if not key:
        return ()
    found = []
    for part in key.split(";"):
        name, _equals, code = part.partition("=")
        value = next((d.value(code) for d in kind.dimensions if d.code == name), None)
        if value is None:
            raise NotFound()
        found.append(value)
    return tuple(found)


def _around(actor: Actor, found: Figures, key: str) -> tuple[Cells, list[Place]]:
    """The same cell in the area above and in those beside this one, as far as the grant goes; the area above comes first."""
    parent = found.above[-1] if found.above else None
    if parent is None:
        return Cells({}), []
    beside = [place for place in published.places(actor, found.release) if place.parent == parent.code]
    tables = [table.code for table in published.catalogue(found.release).linked().get(found.table.measure, ())] or [
        found.table.code
    ]
    areas = [parent, *beside]
    return history.cells(actor, (found.release,), [(table, key) for table in tables], [place.code for place in areas]), areas


def _text(cells: Cells, found: Figures, area: str, key: str) -> str | None:
    """What is shown of a cell in whichever table of the measure holds it."""
    return next((shown for (_table, held), shown in cells.of_area(found.release, area).items() if held == key), None)


def _sums(found: Figures, key: str, own: dict[str, str], around: tuple[Cells, list[Place]]) -> list[dict[str, Any]]:
    """The sums of this page's table that the cell stands in, as they are published: title, columns, cells, how many are hidden."""
    kind, made = found.table, []
    for dimension in kind.dimensions:
        if dimension.overlap:
            continue
        fixed = [part for part in key.split(";") if part and not part.startswith(f"{dimension.code}=")]
        if key and kind.crossed and len(fixed) == len(kind.dimensions):
            continue
        keys = [
            ";".join(sorted([*fixed, f"{dimension.code}={value.code}"], key=lambda p: _place(kind, p)))
            for value in dimension.values
        ]
        total = ";".join(fixed)
        if key not in (*keys, total) or any(one not in own for one in (*keys, total)):
            continue
        labels = [value.label(tag()) for value in dimension.values]
        made.append(
            _sum(
                _("In this area, by %(dimension)s", dimension=dimension.label(tag())),
                labels,
                [own[one] for one in (*keys, total)],
            )
        )
    cells, areas = around
    texts = [_text(cells, found, place.code, key) for place in (*areas[1:], *areas[:1])]
    if areas and all(text is not None for text in texts):
        title = _("Over the areas of %(place)s", place=areas[0].short)
        made.append(_sum(title, [place.short for place in areas[1:]], [text or "" for text in texts]))
    if found.below and all(key in line.shown for line in found.below):
        below = [line.shown[key] for line in found.below] + [own[key]]
        made.append(_sum(_("Over the areas below"), [line.place.short for line in found.below], below))
    return made


def _place(kind: TableKind, part: str) -> int:
    return kind.names.index(part.partition("=")[0])


def _sum(title: str, labels: list[str], texts: list[str]) -> dict[str, Any]:
    *parts, total = texts
    rows: list[dict[str, Any]] = [
        {"label": label, "cells": [cell(text)]} for label, text in zip(labels, parts, strict=True) if text != "0"
    ]
    rows.append({"label": _("Total"), "cells": [cell(total)], "total": True})
    return {"title": title, "rows": rows, "hidden": texts.count(HIDDEN), "total_hidden": total == HIDDEN}


def _instead(found: Figures, key: str, own: dict[str, str], around: tuple[Cells, list[Place]]) -> list[tuple[str, str, str]]:
    """What is shown near the cell and may be reported: (words, figure, address)."""
    made = []
    period, kind, here = found.release.period, found.table, found.own.place
    if key and own.get("", HIDDEN) != HIDDEN:
        url = url_for(".table", table=kind.code, area=here.code, period=period)
        made.append((f"{_('Total')}{_(', ')}{here.short}", own[""], url))
    cells, areas = around
    above = _text(cells, found, areas[0].code, key) if areas else None
    if above not in (None, HIDDEN):
        url = url_for(".table", table=kind.code, area=areas[0].code, period=period)
        made.append((f"{level_words(areas[0].level)} {areas[0].short}", str(above), url))
    return made
