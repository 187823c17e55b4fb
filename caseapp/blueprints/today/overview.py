"""What a bureau sees first: four published figures of its area, each with its base."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import url_for

from caseapp.blueprints.http.filters import number
from caseapp.blueprints.http.visitor import the_actor
from caseapp.core.text import _
from caseapp.queries.statistics import published
from caseapp.services.statistics.exports import quarter_words

TABLES = ("on_file_sex", "visits_sex", "visited_sex", "duty_met", "visit_rate", "cases_active", "cases_closed")


@dataclass(frozen=True)
class Overview:
    """The newest release at a glance."""

    release_id: UUID
    period: str
    tiles: list[dict[str, Any]]
    hidden: bool


def glance() -> Overview | None:
    """The tiles of the newest release; None where nothing is released."""
    actor = the_actor()
    release = published.of_period(actor)
    if release is None:
        return None
    shown = published.totals(actor, release, TABLES)
    tiles = [
        _tile("on_file_sex", _("Persons on file"), shown, _("persons"), _("at the end of the quarter")),
        _tile("visits_sex", _("Visits"), shown, _("attendances"), _("%(n)s persons met", n=_words(shown, "visited_sex"))),
        _tile(
            "visit_rate",
            _("Monthly visit rate"),
            shown,
            "%",
            _("%(met)s of %(due)s person-months", met=_words(shown, "duty_met", "met"), due=_words(shown, "duty_met")),
        ),
        _tile(
            "cases_active", _("Open cases"), shown, _("cases"), _("%(n)s closed in the quarter", n=_words(shown, "cases_closed"))
        ),
    ]
    hidden = published.HIDDEN in shown.values()
    return Overview(release.id, quarter_words(release.period), tiles, hidden)


def _tile(table: str, label: str, shown: dict[tuple[str, str], str], unit: str, base: str) -> dict[str, Any]:
    figure = _words(shown, table)
    return {"label": label, "figure": figure, "unit": unit, "base": base, "url": url_for("statistics.index", table=table)}


def _words(shown: dict[tuple[str, str], str], table: str, value: str = "") -> str:
    """A published cell in words: thousands with a comma, marks as they are."""
    text = shown.get((table, value), published.NOTHING)
    return number(int(text)) if text.isdigit() else text
