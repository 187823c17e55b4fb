"""Four published figures of an area, each with its base and with the quarter before where both are shown."""

from dataclasses import dataclass
from typing import Any

from flask import url_for

from caseapp.blueprints.http.filters import number
from caseapp.core.actor import Actor
from caseapp.core.text import _
from caseapp.models.statistics import StatRelease
from caseapp.queries.statistics import published

MET = "met=met"
TABLES = ("on_file_sex", "visits_sex", "visited_sex", "duty_met", "visit_rate", "cases_active", "cases_closed")


@dataclass(frozen=True)
class Figure:
    """One of the four: its name in an address, the table it stands in, its words."""

    code: str
    table: str
    label: str
    unit: str


def choices() -> tuple[Figure, ...]:
    """The four figures, in order."""
    return (
        Figure("on_file", "on_file_sex", _("Persons on file"), _("persons")),
        Figure("visits", "visits_sex", _("Visits"), _("attendances")),
        Figure("rate", "visit_rate", _("Monthly visit rate"), "%"),
        Figure("cases", "cases_active", _("Open cases"), _("cases")),
    )


Shown = dict[tuple[str, str], str]


def tiles(actor: Actor, release: StatRelease, area: str, earlier: StatRelease | None) -> tuple[list[dict[str, Any]], bool]:
    """The four figures of an area, ready for a strip, and whether an asterisk is among what they show."""
    shown = published.totals(actor, release, area, TABLES)
    then = published.totals(actor, earlier, area, TABLES) if earlier else {}
    bases = {
        "on_file": _("at the end of the quarter"),
        "visits": _("%(n)s persons met", n=words(shown, "visited_sex")),
        "rate": _("%(met)s of %(due)s person-months", met=words(shown, "duty_met", MET), due=words(shown, "duty_met")),
        "cases": _("%(n)s closed in the quarter", n=words(shown, "cases_closed")),
    }
    found = []
    for figure in choices():
        base = bases[figure.code]
        if then.get((figure.table, ""), published.HIDDEN) not in (published.HIDDEN, published.NOTHING):
            base += _("; the quarter before %(n)s", n=words(then, figure.table))
        found.append(
            {
                "label": figure.label,
                "figure": words(shown, figure.table),
                "unit": figure.unit,
                "base": base,
                "url": url_for("statistics.table", table=figure.table, area=area, period=release.period),
            }
        )
    return found, published.HIDDEN in shown.values()


def words(shown: Shown, table: str, key: str = "") -> str:
    """A published cell in words: thousands with a comma, marks as they are."""
    text = shown.get((table, key), published.NOTHING)
    return number(int(text)) if text.isdigit() else text.replace(published.NOTHING, "—")
