"""The yearly service report (年度服务报告, S-6.13), drafted from the released quarters of a year."""

from typing import Any

from flask import url_for

from caseapp.blueprints.http.filters import tag
from caseapp.blueprints.statistics import desk
from caseapp.blueprints.statistics.desk import Kind
from caseapp.blueprints.statistics.drafting import (
    Draft,
    Part,
    Sheet,
    basics,
    by_value,
    is_told,
    last,
    over,
    said,
    summed,
    whole,
)
from caseapp.blueprints.statistics.glance import MET
from caseapp.core.actor import Actor
from caseapp.core.errors import NotFound
from caseapp.core.text import _
from caseapp.models.statistics import StatRelease
from caseapp.queries.statistics import coverage, history, published
from caseapp.queries.statistics.history import Cells, Past, Wanted
from caseapp.queries.statistics.published import Place
from caseapp.reference.statistics import Catalogue
from caseapp.services.statistics.exports import quarter_words

DIVIDED = {
    "persons": ("on_file_age", "on_file_group"),
    "work": ("services_domain",),
    "cases": ("cases_active_status", "cases_closed_reason"),
}


def lines() -> tuple[Kind, ...]:
    """What was done, in the order of the work."""
    return (
        Kind(("on_file_sex", ""), _("Persons on file")),
        Kind(("enrolled", ""), _("New on file")),
        Kind(("ended", ""), _("No longer on file")),
        Kind(("visits_sex", ""), _("Visits")),
        Kind(("visited_sex", ""), _("Persons met on visits")),
        Kind(("duty_met", ""), _("Monthly visits due")),
        Kind(("duty_met", MET), _("Monthly visits made")),
        Kind(("visit_rate", ""), _("Monthly visit rate")),
        Kind(("services_domain", ""), _("Services")),
        Kind(("consultations", ""), _("Consultations")),
        Kind(("hours", ""), _("Service time")),
        Kind(("cases_opened", ""), _("Cases opened")),
        Kind(("cases_active", ""), _("Open cases")),
        Kind(("cases_closed", ""), _("Cases closed")),
        Kind(("assessments_reason", ""), _("Assessments completed")),
        Kind(("referrals", ""), _("Referrals sent")),
        Kind(("aid_requests", ""), _("Applications for aid handed in")),
        Kind(("resident_requests_answered", ""), _("Residents' requests")),
    )


class Year:
    """The released quarters of a year in one area and those right below it, read in a few statements."""

    def __init__(self, actor: Actor, year: str, area: str | None) -> None:
        self.year = year
        self.past: Past = history.of_periods(actor, [f"{year}Q{number}" for number in (1, 2, 3, 4)])
        newest = last(self.past)
        if newest is None:
            raise NotFound()
        self.newest: StatRelease = newest
        self.catalogue: Catalogue = published.catalogue(newest)
        self.places = published.places(actor, newest)
        self.here: Place = _at(self.places, area)
        self.below = [place for place in self.places if place.parent == self.here.code]
        self.kinds = desk.held(lines(), self.catalogue)
        self.waiting = desk.held(desk.waiting(), self.catalogue)
        parts = {
            (code, key) for codes in DIVIDED.values() for code in codes for key, _label in by_value(self.catalogue.table(code))
        }
        releases = list(self.past.releases.values())
        self.cells: Cells = history.cells(actor, releases, {kind.wanted for kind in self.kinds} | parts, (self.here.code,))
        wide = {*(kind.wanted for kind in self.waiting), *(wanted for _title, wanted, _unit in across())}
        self.cells |= history.cells(actor, releases, wide, [self.here.code, *(place.code for place in self.below)])

    def own(self, wanted: Wanted, release: StatRelease | None = None) -> str:
        """A cell of the area itself, of the newest quarter unless another is named."""
        return self.cells.shown(release or self.newest, self.here.code, wanted)

    def sum(self, wanted: Wanted) -> str:
        """The sum of the released quarters in the area itself."""
        return summed(self.cells, self.past.releases.values(), self.here.code, wanted)

    @property
    def is_whole(self) -> bool:
        """Whether all four quarters are released."""
        return len(self.past.releases) == 4


def across() -> tuple[tuple[str, Wanted, str], ...]:
    """What the areas are shown by: title, cell, unit."""
    return (
        (_("Persons on file"), ("on_file_sex", ""), _("persons")),
        (_("Visits"), ("visits_sex", ""), _("attendances")),
        (_("Monthly visits due"), ("duty_met", ""), _("person-months")),
        (_("Monthly visits made"), ("duty_met", MET), _("person-months")),
        (_("Services"), ("services_domain", ""), _("attendances")),
        (_("Cases closed"), ("cases_closed", ""), _("cases")),
    )


def yearly(actor: Actor, year: str, area: str | None) -> Draft:
    """The draft of a year in an area under the grant; NotFound where nothing of the year is released."""
    seen = Year(actor, year, area)
    made = [
        Part("opening", _("Scope"), [*_scope(seen), *basics(seen.places, seen.here, coverage.gaps(seen.newest, seen.here))]),
        Part("persons", _("Persons on file"), _persons(seen), _divided(seen, "persons")),
        Part("work", _("Services and visits"), _work(seen), [_over_quarters(seen), *_divided(seen, "work")]),
        Part("cases", _("Cases"), _cases(seen), _divided(seen, "cases")),
        *([Part("areas", _("Across the area"), [], [_areas(seen)])] if seen.below else [Part("areas", _("Across the area"))]),
        Part(
            "problems",
            _("Problems"),
            [words] if (words := desk.untold(seen.waiting, seen.catalogue, seen.here)) else [],
            _problems(seen),
        ),
        Part("plan", _("Work of the coming year")),
    ]
    used = [*(kind.wanted[0] for kind in seen.kinds), *(code for codes in DIVIDED.values() for code in codes)]
    told = [
        table
        for code in dict.fromkeys(used)
        if (table := seen.catalogue.table(code)) is not None and seen.here.level in table.levels
    ]
    title = _("Yearly service report %(year)s of %(area)s", year=year, area=seen.here.short)
    return Draft(title, year, seen.here, made, told, list(seen.past.releases.values()), (*seen.below, seen.here))


def _at(places: list[Place], area: str | None) -> Place:
    """The area that is asked for, the grant's own where none is; NotFound for another's."""
    found = next((place for place in places if area in (None, "", place.code)), None)
    if found is None:
        raise NotFound()
    return found


def _scope(seen: Year) -> list[str]:
    quarters = "、".join(quarter_words(period) for period in seen.past.periods if period in seen.past.releases)
    if seen.is_whole:
        return [_("This report rests on the published figures of the four quarters of %(year)s.", year=seen.year)]
    return [_("Not the whole year is released yet; this draft rests on %(quarters)s.", quarters=quarters)]


def _persons(seen: Year) -> list[str]:
    quarter = quarter_words(seen.newest.period)
    found = [_("At the end of %(quarter)s %(n)s persons were on file.", quarter=quarter, n=said(seen.own(("on_file_sex", ""))))]
    first = next(iter(seen.past.releases.values()))
    change = desk.change(seen.own(("on_file_sex", "")), seen.own(("on_file_sex", ""), first))
    if first is not seen.newest and change:
        found.append(
            _("Against the end of %(quarter)s that is a change of %(n)s.", quarter=quarter_words(first.period), n=change)
        )
    return found


def _work(seen: Year) -> list[str]:
    visits, services = seen.sum(("visits_sex", "")), seen.sum(("services_domain", ""))
    due, met = seen.sum(("duty_met", "")), seen.sum(("duty_met", MET))
    return [
        _(
            "Visits came to %(visits)s attendances, services to %(services)s attendances.",
            visits=said(visits),
            services=said(services),
        ),
        _("Of %(due)s monthly visits that were due (person-months) %(met)s were made.", due=said(due), met=said(met)),
    ]


def _cases(seen: Year) -> list[str]:
    return [
        _(
            "%(opened)s cases were opened and %(closed)s closed; at the end of %(quarter)s %(open)s were open.",
            opened=said(seen.sum(("cases_opened", ""))),
            closed=said(seen.sum(("cases_closed", ""))),
            quarter=quarter_words(seen.newest.period),
            open=said(seen.own(("cases_active", ""))),
        )
    ]


def _columns(seen: Year) -> list[Any]:
    year = _("Whole year") if seen.is_whole else _("So far")
    return [*(quarter_words(period) for period in seen.past.periods), year]


def _row(seen: Year, wanted: Wanted, label: str, note: str = "", *, total: bool = False) -> dict[str, Any]:
    shown, why = over(seen.past, seen.cells, seen.here.code, wanted)
    year = whole(seen.catalogue, seen.past, seen.cells, seen.here.code, wanted)
    return {"label": label, "note": note, "cells": [*shown, year], "why": [*why, None], "total": total}


def _over_quarters(seen: Year) -> Sheet:
    rows = [_row(seen, kind.wanted, kind.label, unit) for kind, unit in seen.kinds.items()]
    note = _(
        "The year is the sum of its quarters, of persons on file and open cases the last figure. Where one person may come in "
        "several quarters there is no sum: it would count them several times."
    )
    return Sheet(_("The work of the year"), _("Figure"), _columns(seen), [row for row in rows if is_told(row)], note)


def _divided(seen: Year, part: str) -> list[Sheet]:
    found = []
    for code in DIVIDED[part]:
        table = seen.catalogue.table(code)
        rows = [_row(seen, (code, key), label, total=not key) for key, label in by_value(table)]
        told = [row for row in rows if is_told(row)]
        if table is not None and told:
            note = ""
            if table.dimensions[0].overlap:
                note = _("One person may belong to several groups: the lines add up to more than the total.")
            found.append(
                Sheet(
                    _("%(table)s (%(unit)s)", table=table.label(tag()), unit=table.fact("unit", tag())),
                    table.dimensions[0].label(tag()),
                    _columns(seen),
                    told,
                    note,
                )
            )
    return found


def _areas(seen: Year) -> Sheet:
    held = [(title, wanted, unit) for title, wanted, unit in across() if (seen.newest, seen.here.code, wanted) in seen.cells]
    rows = []
    for place in (*seen.below, seen.here):
        shown = [whole(seen.catalogue, seen.past, seen.cells, place.code, wanted) for _title, wanted, _unit in held]
        url = url_for("statistics.index", area=place.code, period=seen.newest.period)
        rows.append({"label": place.short, "url": url, "cells": shown, "total": place is seen.here})
    columns = [{"label": title, "unit": unit} for title, _wanted, unit in held]
    note = _("The year is the sum of its quarters, of persons on file the last figure. Areas stand in the order of the tree.")
    return Sheet(_("Across the area"), _("Area"), columns, rows, note)


def _problems(seen: Year) -> list[Sheet]:
    kinds, rows = desk.late(seen.cells, seen.newest, (*seen.below, seen.here), seen.waiting)
    if not rows:
        return []
    columns = [{"label": kind.label, "unit": seen.waiting[kind]} for kind in kinds]
    note = _("As it stood in the released quarter. Areas where nothing is late are left out; an asterisk may stand for 0.")
    return [Sheet(_("What is late") + _(", ") + quarter_words(seen.newest.period), _("Area"), columns, rows, note)]
