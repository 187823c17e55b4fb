"""What a chart of published cells shows: bars with a sentence, never a value that is not shown."""

from collections.abc import Mapping, Sequence
from typing import Any

from caseapp.blueprints.http.filters import number
from caseapp.blueprints.statistics.blueprint import cell
from caseapp.core.text import _
from caseapp.queries.statistics import published
from caseapp.queries.statistics.published import Place
from caseapp.services.statistics.exports import quarter_words

MOST = 12  # lines of a chart; where there are more, what is not shown is left to the table beside it


def bars(
    pairs: Sequence[tuple[str, str]], title: str, place: str, period: str, unit: str, *, areas: bool = False
) -> dict[str, Any] | None:
    """Bars in the order of the table; None where nothing above 0 is shown. Of areas none is called the first."""
    items = [(label, _value(text)) for label, text in pairs if text not in ("0", published.NOTHING)]
    known = [(label, value) for label, value in items if value is not None]
    if not known:
        return None
    if len(items) > MOST:
        items = known
    if areas:
        finding = _(
            "%(table)s, %(place)s, %(period)s: the areas shown lie between %(low)s and %(high)s %(unit)s.",
            table=title,
            place=place,
            period=quarter_words(period),
            low=number(min(value for _label, value in known)),
            high=number(max(value for _label, value in known)),
            unit=unit,
        )
    else:
        highest = max(known, key=lambda pair: pair[1])
        finding = _(
            "%(table)s, %(place)s, %(period)s: the highest is %(label)s with %(value)s %(unit)s.",
            table=title,
            place=place,
            period=quarter_words(period),
            label=highest[0],
            value=number(highest[1]),
            unit=unit,
        )
    return {"items": items, "finding": finding}


def above(known: Mapping[str, Place], place: Place) -> list[Place]:
    """The areas above one, the highest first."""
    found: list[Place] = []
    while place.parent and place.parent in known:
        place = known[place.parent]
        found.insert(0, place)
    return found


def _value(shown: str) -> Any:
    value = cell(shown)
    return float(value) if isinstance(value, str) else value
