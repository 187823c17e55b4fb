"""What a bureau's desk says beside the four figures: what changed against the period before, and what is late, where."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import url_for

from caseapp.blueprints.http.filters import long_date, tag
from caseapp.blueprints.statistics.blueprint import cell, why_url
from caseapp.core import clock
from caseapp.core.periods import Quarter
from caseapp.core.text import _, ngettext
from caseapp.models.statistics import StatRelease
from caseapp.queries.statistics import published
from caseapp.queries.statistics.history import Cells, Wanted, value
from caseapp.queries.statistics.published import HIDDEN, NOTHING, Place
from caseapp.reference.statistics import Catalogue
from caseapp.services.statistics.exports import level_words, quarter_words


@dataclass(frozen=True)
class Kind:
    """One line of the desk: a cell of a table under a short name."""

    wanted: Wanted
    label: str


def changing() -> tuple[Kind, ...]:
    """What is followed from period to period, in the order of the work."""
    return (
        Kind(("on_file_sex", ""), _("Persons on file")),
        Kind(("enrolled", ""), _("New on file")),
        Kind(("ended", ""), _("No longer on file")),
        Kind(("visits_sex", ""), _("Visits")),
        Kind(("visited_sex", ""), _("Persons met on visits")),
        Kind(("visit_rate", ""), _("Monthly visit rate")),
        Kind(("services_domain", ""), _("Services")),
        Kind(("consultations", ""), _("Consultations")),
        Kind(("cases_opened", ""), _("Cases opened")),
        Kind(("cases_active", ""), _("Open cases")),
        Kind(("cases_closed", ""), _("Cases closed")),
        Kind(("referrals", ""), _("Referrals sent")),
    )


def waiting() -> tuple[Kind, ...]:
    """What the released figures say is late or waits for an answer."""
    return (
        Kind(("duty_met", "met=not_met"), _("Monthly visits missed")),
        Kind(("resident_requests_answered", "answered=overdue"), _("Requests overdue")),
        Kind(("referrals_outcome", "referral_outcome=waiting"), _("Referrals waiting")),
        Kind(("aid_requests_answer", "aid_answer=waiting"), _("Applications waiting")),
        Kind(("cases_active_status", "status=closing"), _("Closures waiting")),
    )


def held(kinds: Sequence[Kind], catalogue: Catalogue) -> dict[Kind, str]:
    """Those whose cells a version of the catalogue has, each with its unit."""
    found = {}
    for kind in kinds:
        table = catalogue.table(kind.wanted[0])
        if table is not None and kind.wanted[1] in table.cell_keys():
            found[kind] = table.fact("unit", tag())
    return found


def change(now: str, before: str) -> str:
    """What has changed, where both are shown; nothing may be told from what is not."""
    one, other = value(now), value(before)
    if one is None or other is None:
        return ""
    if one == other:
        return "0"
    return f"{one - other:+.1f}" if "." in now or "." in before else f"{int(one - other):+,}"


def changed(
    cells: Cells, release: StatRelease, earlier: StatRelease | None, area: str, kinds: Mapping[Kind, str]
) -> list[dict[str, Any]]:
    """A row for each that is published for the area: now, before, the difference."""
    rows = []
    for kind, unit in kinds.items():
        now, then = cells.shown(release, area, kind.wanted), cells.shown(earlier, area, kind.wanted)
        if now == NOTHING and then == NOTHING:
            continue
        table, key = kind.wanted
        why = [why_url(release, table, area, key), why_url(earlier, table, area, key) if earlier else None, None]
        rows.append(
            {
                "label": kind.label,
                "note": unit,
                "url": url_for("statistics.table", table=table, area=area, period=release.period),
                "cells": [cell(now), *([cell(then), change(now, then)] if earlier else [])],
                "why": why,
            }
        )
    return rows


def late(
    cells: Cells, release: StatRelease, places: Sequence[Place], kinds: Mapping[Kind, str]
) -> tuple[list[Kind], list[dict[str, Any]]]:
    """What waits, by area: the kinds that anything is published of, and a row for each area; the last is the sum."""
    used = [kind for kind in kinds if any(cells.shown(release, place.code, kind.wanted) != NOTHING for place in places)]
    rows = []
    for place in places:
        shown = [cells.shown(release, place.code, kind.wanted) for kind in used]
        own = place is places[-1]
        if not own and not any(value(text) or text == HIDDEN for text in shown):
            continue  # nothing late there
        rows.append(
            {
                "label": place.short,
                "url": None
                if own
                else url_for("statistics.table", table=used[0].wanted[0], area=place.code, period=release.period),
                "cells": [cell(text) for text in shown],
                "why": [why_url(release, kind.wanted[0], place.code, kind.wanted[1]) for kind in used],
                "total": own,
            }
        )
    return used, rows if used else []


def untold(kinds: Mapping[Kind, str], catalogue: Catalogue, here: Place) -> str:
    """One sentence on what is followed but not published of an area of this level; "" where all of it is."""
    tables = {kind: catalogue.table(kind.wanted[0]) for kind in kinds}
    names = [kind.label for kind, table in tables.items() if table is not None and here.level not in table.levels]
    if not names:
        return ""
    words = _("Not published of a %(level)s, only of larger areas, because too few persons stand behind them: %(names)s.")
    return words % {"level": level_words(here.level).lower(), "names": _(", ").join(names)}


def next_due(newest: StatRelease) -> dict[str, Any] | None:
    """The release that should be there by now, or is due next: its period in words, its day, by how much it is late.

    It is due when the entries of its period are cut off (S-2.11: on time; the days are the catalogue's, T+10).
    """
    quarter = Quarter.read(newest.period).next()
    due = quarter.last_day + timedelta(days=published.catalogue(newest).cut_off_days)
    days = (clock.today() - due).days
    late = ngettext("%(num)s day late", "%(num)s days late", days) if days > 0 else None
    return {"quarter": quarter_words(str(quarter)), "due": long_date(due), "late": late}
