"""Four published figures of an area, each with its base and with the quarter before where both are shown."""

from dataclasses import dataclass
from typing import Any

from flask import url_for

from caseapp.blueprints.http.filters import number
from caseapp.core.actor import Actor
from caseapp.core.text import _
from caseapp.models.statistics import StatRelease
from caseapp.queries.statistics import history
from caseapp.queries.statistics.history import Cells, Wanted
from caseapp.queries.statistics.published import HIDDEN, NOTHING

MET = "met=met"
WANTED: tuple[Wanted, ...] = (
    ("on_file_sex", ""),
    ("visits_sex", ""),
    ("visited_sex", ""),
    ("duty_met", ""),
    ("duty_met", MET),
    ("visit_rate", ""),
    ("cases_active", ""),
    ("cases_closed", ""),
)


@dataclass(frozen=True)
class Figure:
    """One of the four: its name in an address, the table it stands in, its words."""

    code: str
    table: str
    label: str
    unit: str

    @property
    def wanted(self) -> Wanted:
        """Its cell."""
        return self.table, ""


def choices() -> tuple[Figure, ...]:
    """The four figures, in order."""
    return (
        Figure("on_file", "on_file_sex", _("Persons on file"), _("persons")),
        Figure("visits", "visits_sex", _("Visits"), _("attendances")),
        Figure("rate", "visit_rate", _("Monthly visit rate"), "%"),
        Figure("cases", "cases_active", _("Open cases"), _("cases")),
    )


def tiles(actor: Actor, release: StatRelease, area: str, earlier: StatRelease | None) -> tuple[list[dict[str, Any]], bool]:
    """The four figures of an area, ready for a strip, and whether an asterisk is among what they show."""
    cells = history.cells(actor, (release, earlier), WANTED, (area,))
    hidden = any(cells.shown(release, area, wanted) == HIDDEN for wanted in WANTED)
    return strip(cells, release, area, earlier), hidden


def strip(cells: Cells, release: StatRelease, area: str, earlier: StatRelease | None) -> list[dict[str, Any]]:
    """The four figures from cells that were read already."""

    def said(table: str, key: str = "", of: StatRelease | None = release) -> str:
        return words(cells.shown(of, area, (table, key)))

    bases = {
        "on_file": _("at the end of the quarter"),
        "visits": _("%(n)s persons met", n=said("visited_sex")),
        "rate": _("%(met)s of %(due)s person-months", met=said("duty_met", MET), due=said("duty_met")),
        "cases": _("%(n)s closed in the quarter", n=said("cases_closed")),
    }
    found = []
    for figure in choices():
        base = bases[figure.code]
        if cells.value(earlier, area, figure.wanted) is not None:
            base += _("; the quarter before %(n)s", n=said(figure.table, of=earlier))
        found.append(
            {
                "label": figure.label,
                "figure": said(figure.table),
                "unit": figure.unit,
                "base": base,
                "url": url_for("statistics.table", table=figure.table, area=area, period=release.period),
            }
        )
    return found


def words(shown: str) -> str:
    """A published cell in words: thousands with a comma, marks as they are."""
    return number(int(shown)) if shown.isdigit() else shown.replace(NOTHING, "—")
