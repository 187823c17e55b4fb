"""The blueprint object of the figures and the words their pages share."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask import Blueprint, url_for

from caseapp import reference
from caseapp.blueprints.http.filters import percent, tag
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.periods import read_period
from caseapp.core.text import _
from caseapp.models.statistics import StatRelease
from caseapp.queries.statistics import published
from caseapp.queries.statistics.published import Place
from caseapp.services.statistics.exports import footer, level_words, number, quarter_words, reach_words

__all__ = ["area_choices", "bp", "cell", "level_words", "period_choices", "quarter", "release_facts", "why_url"]

bp = Blueprint("statistics", __name__, url_prefix="/statistics")


@bp.app_template_global("quarter")
def quarter(period: str) -> str:
    """A quarter or a month in words, for templates."""
    return quarter_words(period)


@bp.app_template_global("group_words")
def group_words(code: str) -> str:
    """A target group in words, for templates."""
    group = reference.target_groups().get(code)
    return group.label(tag()) if group else code


@bp.app_template_global("item_words")
def item_words(code: str) -> str:
    """A service item in words, for templates."""
    return reference.catalogue().label(code, tag())


def period_choices(actor: Actor, area: str | None = None, *, months: bool = False) -> list[tuple[str, str]]:
    """Released quarters to choose from, newest first; of an area those in which it has figures of its own.

    With the months where a page can show them: those have no areas that come and go.
    """
    if area is None or months:
        held = (published.every_period if months else published.periods)(actor)
    else:
        held = sorted(published.periods_of(actor, area), reverse=True)
    return [(period, quarter_words(period)) for period in held]


def release_facts(release: StatRelease, figures: published.Figures | None = None) -> dict[str, Any]:
    """What stands under every published table: cut-off, release, protection, how much is hidden."""
    catalogue = published.catalogue(release)
    cells, hidden = (figures.cells, figures.hidden) if figures else (release.cells, release.hidden)
    period = read_period(release.period)
    return {
        "protection": catalogue.protection.label(tag()),
        "threshold": catalogue.threshold,
        "example_url": url_for("statistics.why"),
        "check": release.cells_sha256[:16],
        "items": [
            (_("Release"), f"{release.period} / {release.number}"),
            (_("Period"), f"{period.first_day} – {period.last_day}"),
            *([(_("Reach"), reach_words(release.period))] if reach_words(release.period) else []),
            (_("Cut-off"), release.cut_off_on.isoformat()),
            (_("Published"), clock.local(release.published_at).date().isoformat()),
            (_("Threshold"), _("%(n)s persons, in some groups 10", n=catalogue.threshold)),
            (_("Protection"), catalogue.protection.label(tag())),
            (
                _("Not shown"),
                _(
                    "%(hidden)s of %(cells)s cells (%(share)s)",
                    hidden=hidden,
                    cells=cells,
                    share=percent(hidden / cells if cells else 0),
                ),
            ),
            (_("Chain"), (release.head or "")[:16]),
        ],
    }


def why_url(release: StatRelease | None, table: str, area: str, key: str = "") -> str | None:
    """Where the asterisk of a cell is explained: codes only."""
    if release is None:
        return None
    return url_for("statistics.why_cell", table=table, area=area, period=release.period, cell=key or None)


@bp.app_template_global("running_words")
def running_words(releases: Sequence[StatRelease]) -> str:
    """What stands at the foot of every printed page: the releases behind it and the head of the chain that ends with the newest."""
    return footer(releases)


@bp.app_template_global("merged")
def merged(places: Iterable[Place]) -> list[tuple[str, str]]:
    """Areas whose name is cut short on a page: (short, whole), for templates."""
    return [(place.short, place.name) for place in places if place.short != place.name]


def area_choices(places: Sequence[Place], here: Place) -> list[tuple[str, str]]:
    """Areas to choose from: everything above the township, and the townships beside and below the one in view."""
    near = {here.code, here.parent}
    return [
        (place.code, f"{level_words(place.level)} {place.short}")
        for place in places
        if place.level != "township" or place is here or place.parent in near
    ]


def cell(shown: str) -> Any:
    """A cell for the table macro: a number, None where it is hidden, a text else."""
    value = number(shown)
    if value == published.HIDDEN:
        return None
    return f"{value:.1f}" if isinstance(value, float) else value
