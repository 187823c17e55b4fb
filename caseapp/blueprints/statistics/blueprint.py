"""The blueprint object of the figures and the words their pages share."""

from typing import Any

from flask import Blueprint, url_for

from caseapp import reference
from caseapp.blueprints.http.filters import tag
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.periods import Quarter
from caseapp.core.text import _
from caseapp.models.statistics import StatRelease
from caseapp.queries.statistics import published
from caseapp.services.statistics.exports import level_words, number, quarter_words

__all__ = ["bp", "cell", "level_words", "period_choices", "quarter", "release_facts"]

bp = Blueprint("statistics", __name__, url_prefix="/statistics")


@bp.app_template_global("quarter")
def quarter(period: str) -> str:
    """A quarter in words, for templates."""
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


def period_choices(actor: Actor) -> list[tuple[str, str]]:
    """Released quarters to choose from."""
    return [(period, quarter_words(period)) for period in published.periods(actor)]


def release_facts(release: StatRelease, figures: published.Figures | None = None) -> dict[str, Any]:
    """What stands under every published table: cut-off, release, protection, how much is hidden."""
    catalogue = published.catalogue(release)
    cells, hidden = (figures.cells, figures.hidden) if figures else (release.cells, release.hidden)
    period = Quarter.read(release.period)
    return {
        "protection": catalogue.protection.label(tag()),
        "threshold": catalogue.threshold,
        "example_url": url_for("statistics.why"),
        "check": release.cells_sha256[:16],
        "items": [
            (_("Release"), f"{release.period} / {release.number}"),
            (_("Period"), f"{period.first_day} – {period.last_day}"),
            (_("Cut-off"), release.cut_off_on.isoformat()),
            (_("Published"), clock.local(release.published_at).date().isoformat()),
            (_("Protection"), catalogue.protection.label(tag())),
            (_("Not shown"), _("%(hidden)s of %(cells)s cells", hidden=hidden, cells=cells)),
            (_("Chain"), (release.head or "")[:16]),
        ],
    }


def cell(shown: str) -> Any:
    """A cell for the table macro: a number, None where it is hidden, a text else."""
    value = number(shown)
    if value == published.HIDDEN:
        return None
    return f"{value:.1f}" if isinstance(value, float) else value
