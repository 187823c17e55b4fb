"""What a chart of published cells shows: bars with a sentence, never a value that is not shown."""

from collections.abc import Mapping, Sequence
from typing import Any

from caseapp.blueprints.http.filters import number
from caseapp.blueprints.statistics.blueprint import cell
from caseapp.core.text import _
from caseapp.queries.statistics import published
from caseapp.queries.statistics.published import Place
from caseapp.services.statistics.exports import quarter_words


def bars(pairs: Sequence[tuple[str, str]], title: str, place: str, period: str, unit: str) -> dict[str, Any] | None:
    """Bars in the order of the table; None where nothing above 0 is shown."""
    items = [(label, _value(text)) for label, text in pairs if text not in ("0", published.NOTHING)]
    known = [(label, value) for label, value in items if value is not None]
    if not known:
        return None
    highest = max(known, key=lambda pair: pair[1])
    return {
        "items": items,
        "finding": _(
            "%(table)s, %(place)s, %(period)s: the highest shown is %(label)s with %(value)s %(unit)s.",
            table=title,
            place=place,
            period=quarter_words(period),
            label=highest[0],
            value=number(highest[1]),
            unit=unit,
        ),
    }


def above(known: Mapping[str, Place], place: Place) -> list[Place]:
    """The areas above one, the highest first."""
    found: list[Place] = []
    while place.parent in known:
        place = known[place.parent]
        found.insert(0, place)
    return found


def _value(shown: str) -> Any:
    value = cell(shown)
    return float(value) if isinstance(value, str) else value
