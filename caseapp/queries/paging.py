"""Keyset paging: the next page starts after the last row's sort values, sealed into an opaque cursor.

The cursor is encrypted, because an order by name would otherwise leak a name into an address.
"""

import json
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, false, or_

from caseapp.adapters import keys
from caseapp.core.errors import Invalid
from caseapp.core.paging import Page
from caseapp.core.text import _l

LIMIT = 25
MOST = 200


def page(
    session: Any,
    query: Select[Any],
    order: Sequence[Any],
    cursor: str | None = None,
    limit: int = LIMIT,
    *,
    descending: bool = False,
    scalars: bool = True,
    key: Callable[[Any], Sequence[Any]] | None = None,
) -> Page[Any]:
    """One page of `query` in the order of non-null columns `order` (ending in a unique one).

    `key` gives the sort values of a row where the columns are not attributes of it. Raises Invalid for a foreign cursor.
    """
    limit = max(1, min(limit, MOST))
    if cursor:
        query = query.where(_after(order, _values(order, cursor), descending))
    query = query.order_by(*(column.desc() if descending else column.asc() for column in order)).limit(limit + 1)
    found = session.scalars(query) if scalars else session.execute(query)
    rows = list(found.unique() if scalars else found)
    more = len(rows) > limit
    rows = rows[:limit]
    if not more:
        return Page(rows, None)
    last = key(rows[-1]) if key else [getattr(rows[-1], column.key) for column in order]
    return Page(rows, _cursor(order, last))


def _after(order: Sequence[Any], values: Sequence[Any], descending: bool) -> Any:
    steps = []
    for place, column in enumerate(order):
        equal = [order[i] == values[i] for i in range(place)]
        steps.append(and_(*equal, column < values[place] if descending else column > values[place]))
    return or_(false(), *steps)


def _name(order: Sequence[Any]) -> str:
    return "cursor:" + ",".join(str(column) for column in order)


def _cursor(order: Sequence[Any], values: Sequence[Any]) -> str:
    text = json.dumps([_tagged(value) for value in values], ensure_ascii=False)
    return keys.ring().token(_name(order), text.encode())


def _tagged(value: Any) -> Any:
    if isinstance(value, UUID):
        return {"u": str(value)}
    if isinstance(value, date):  # a datetime is one too
        return {"t" if isinstance(value, datetime) else "d": value.isoformat()}
    return value


def _values(order: Sequence[Any], cursor: str) -> list[Any]:
    read: dict[str, Callable[[str], Any]] = {"u": UUID, "t": datetime.fromisoformat, "d": date.fromisoformat}
    try:
        values = json.loads(keys.ring().untoken(_name(order), cursor[:2000]))
    except ValueError as error:
        raise Invalid(_l("This place in the list is no longer known. Start from the beginning."), "cursor") from error
    return [read[next(iter(v))](next(iter(v.values()))) if isinstance(v, dict) else v for v in values]
