"""The blueprint object of the figures and the words their pages share."""

from typing import Any

from flask import Blueprint

from caseapp.blueprints.http.filters import tag
from caseapp.core import clock
from caseapp.core.periods import Quarter
from caseapp.core.text import _
from caseapp.models.statistics import StatRelease
from caseapp.queries.statistics import published
from caseapp.services.statistics.exports import number, quarter_words

bp = Blueprint("statistics", __name__, url_prefix="/statistics")


@bp.app_template_global("quarter")
def quarter(period: str) -> str:
    """A quarter in words, for templates."""
    return quarter_words(period)


def level_words(level: str) -> str:
    """What the areas of a level are called."""
    return {
        "province": _("Province"),
        "city": _("City"),
        "management_area": _("Management area"),
        "county": _("County"),
        "township": _("Township"),
    }.get(level, level)


def release_facts(release: StatRelease, figures: published.Figures | None = None) -> dict[str, Any]:
    """What stands under every published table: cut-off, release, protection, how much is hidden."""
    catalogue = published.catalogue(release)
    cells, hidden = (figures.cells, figures.hidden) if figures else (release.cells, release.hidden)
    period = Quarter.read(release.period)
    return {
        "protection": catalogue.protection.label(tag()),
        "threshold": catalogue.threshold,
        "check": release.cells_sha256[:16],
        "items": [
            (_("Release"), f"{release.period} / {release.number}"),
            (_("Period"), f"{period.first_day} – {period.last_day}"),
            (_("Cut-off"), release.cut_off_on.isoformat()),
            (_("Published"), clock.local(release.published_at).date().isoformat()),
            (_("Protection"), catalogue.protection.label(tag())),
            (_("Not shown"), _("%(hidden)s of %(cells)s cells", hidden=hidden, cells=cells)),
        ],
    }


def cell(shown: str) -> Any:
    """A cell for the table macro: a number, None where it is hidden, a text else."""
    value = number(shown)
    if value == published.HIDDEN:
        return None
    return f"{value:.1f}" if isinstance(value, float) else value
