"""The map of squares: a square for each county, shaded by one published figure. No boundary, no ranking."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for

from caseapp.queries.statistics import published
from caseapp.queries.statistics.published import Place
from caseapp.reference.statistics import tiles

SIDE, GAP, STEPS = 56, 4, 5
NICE = (1, 2, 2.5, 5, 10)


@dataclass(frozen=True)
class Square:
    """One county: `kind` is a step of the shade, hidden (an asterisk), none (nothing to divide), absent (no station) or away."""

    x: int
    y: int
    name: str
    label: str
    text: str
    kind: str
    url: str | None
    inside: bool


@dataclass(frozen=True)
class Cartogram:
    """The squares with their legend and the outlines of cities."""

    squares: list[Square]
    steps: list[tuple[int, str]]
    borders: list[tuple[str, bool]]  # path, whether it is of the area in view
    width: int
    height: int


def cartogram(places: Sequence[Place], here: Place, shown: Mapping[str, str], args: dict[str, Any]) -> Cartogram | None:
    """The counties of the area in view; others of the grant are in outline. None where no square belongs to it."""
    known = {place.code: place for place in places}
    merged = {root: place for place in places for root in place.roots}  # counties published as one area
    values = {
        place.code: float(shown[place.code]) for place in places if _told(shown.get(place.code)) and place.level == "county"
    }
    step = _step(max(values.values(), default=0))
    squares, used = [], set()
    for tile in tiles():
        place = known.get(tile.code) or merged.get(tile.code)
        inside = here.level == "province" or tile.city == here.code
        text = shown.get(place.code, "") if place else ""
        kind = _kind(text, step, place is not None) if inside else "away"
        if kind.isdigit():
            used.add(int(kind))
        url = url_for(".index", **args, area=place.code) if place and inside else None
        name = place.name if place else tile.short
        words = text.replace(published.NOTHING, "—") if inside else ""
        squares.append(Square(_at(tile.column), _at(tile.row), tile.short, name, words, kind, url, inside))
    if not any(square.inside for square in squares):
        return None
    legend = [(number, _range(number, step)) for number in range(1, STEPS + 1) if number in used]
    columns, rows = max(t.column for t in tiles()) + 1, max(t.row for t in tiles()) + 1
    return Cartogram(squares, legend, _borders(here), _at(columns) - GAP // 2, _at(rows) - GAP // 2)


def _told(text: str | None) -> bool:
    return text is not None and text not in (published.HIDDEN, published.NOTHING)


def _kind(text: str, step: float, there: bool) -> str:
    if not there:
        return "absent"
    if text == published.HIDDEN:
        return "hidden"
    if not _told(text) or not text:
        return "none"
    return str(min(STEPS, int(float(text) / step) + 1))


def _step(highest: float) -> float:
    """Five equal steps from zero up to a round number above the highest that is shown."""
    raw, size = max(highest, STEPS) / STEPS, 1.0
    while size * NICE[-1] < raw:
        size *= 10
    return next(nice * size for nice in NICE if nice * size >= raw)


def _range(number: int, step: float) -> str:
    low, high = (number - 1) * step, number * step
    return f"{low:,.0f}–{high:,.0f}" if step >= 1 else f"{low:.1f}–{high:.1f}"


def _at(place: int) -> int:
    return place * (SIDE + GAP) + GAP // 2


def _borders(here: Place) -> list[tuple[str, bool]]:
    """The outline of each city: edges of its squares that touch no square of the same city."""
    held = {(tile.column, tile.row): tile.city for tile in tiles()}
    paths: dict[str, list[str]] = {}
    for (column, row), city in held.items():
        x, y, size = column * (SIDE + GAP), row * (SIDE + GAP), SIDE + GAP
        for dx, dy, edge in (
            (0, -1, f"M{x} {y}h{size}"),
            (0, 1, f"M{x} {y + size}h{size}"),
            (-1, 0, f"M{x} {y}v{size}"),
            (1, 0, f"M{x + size} {y}v{size}"),
        ):
            if held.get((column + dx, row + dy)) != city:
                paths.setdefault(city, []).append(edge)
    found = [("".join(edges), city == here.code) for city, edges in paths.items()]
    return sorted(found, key=lambda pair: pair[1])
