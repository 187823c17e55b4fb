"""Comments at the fields of a file as the macros read them, and the words for those fields."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import UUID

from caseapp.blueprints.http.filters import moment
from caseapp.blueprints.http.visitor import the_actor
from caseapp.core.text import _
from caseapp.models.casework import ReviewComment

WORDS = {
    "aim": lambda: _("Aim of the plan"),
    "text": lambda: _("What shall be different"),
    "indicator": lambda: _("Seen by what"),
    "baseline": lambda: _("How it is now"),
    "target": lambda: _("How it shall be"),
    "due_on": lambda: _("By when"),
    "dropped": lambda: _("Dropped"),
    "item": lambda: _("Service"),
    "starts_on": lambda: _("Begins on"),
    "review_on": lambda: _("Look at it again on"),
    "visit_days": lambda: _("A visit at least every so many days"),
    "agreed_on": lambda: _("Agreed on"),
    "agreed_by": lambda: _("Who agreed"),
    "agreed_how": lambda: _("How"),
    "reason": lambda: _("Reason of closing"),
    "reason_note": lambda: _("More about the reason"),
    "outcome": lambda: _("Outcome of a goal"),
    "unsolved": lambda: _("What stays unsolved"),
    "own_view": lambda: _("What the person says about the service"),
    "follow_up": lambda: _("What follows after closing"),
    "checked": lambda: _("Check list of the file"),
    "file": lambda: _("The whole file"),
}


def field_label(key: str, order: Mapping[str, int]) -> str:
    """What a field key of a review or comment is called; `order` numbers the goals."""
    parts = key.split(":")
    name = parts[-1] if parts[0] == "goal" else parts[0]
    words = WORDS.get(name, lambda: name)()
    if parts[0] in ("goal", "outcome") and parts[1] in order:
        return _("Goal %(number)s: %(what)s", number=order[parts[1]], what=words)
    return words


def threads(
    rows: Iterable[ReviewComment], people: Mapping[UUID, str], settle_url: Callable[[ReviewComment], str]
) -> dict[str, list[dict[str, Any]]]:
    """Comments by field, in the order in which they were written."""
    may_write = the_actor().may("comment:write")
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        settled = row.resolved_at is not None
        found.setdefault(row.field, []).append(
            {
                "by": people.get(row.by_id, ""),
                "at": moment(row.at),
                "text": row.body,
                "private": row.private,
                "resolved": settled,
                "settle_url": settle_url(row) if may_write and not settled else None,
            }
        )
    return found
