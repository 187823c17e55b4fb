"""Limits of signing in: what the security administrator set for the whole installation, else the defaults of the settings.

Places may each have set some (`trust.controls`); the strictest holds, because somebody may hold roles in two of them.
"""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseapp import reference
from caseapp.core import clock
from caseapp.extensions import db
from caseapp.models.organisation import Setting

CONTROLS = "trust.controls"  # the setting that the security administrator keeps
MORE_IS_STRICTER = frozenset({"password_least", "password_classes", "password_history"})
NONE_AT_ALL = frozenset({"inactive_days", "password_days", "sessions_each"})  # 0 says that there is no such limit

BOUNDS = {  # name: fewest, most that may be set
    "fresh_minutes": (5, 60),
    "fresh_file_minutes": (15, 720),
    "idle_minutes": (5, 60),
    "longest_hours": (1, 24),
    "sessions_each": (0, 5),
    "password_least": (8, 40),
    "password_classes": (1, 4),
    "password_history": (0, 24),
    "password_days": (0, 366),
    "inactive_days": (0, 366),
}


def in_force(session: Session | Any = None) -> list[dict[str, Any]]:
    """The controls in force today: of every place that set some the latest. Before somebody is signed in, in a system session."""
    query = select(Setting.organisation_id, Setting.value).where(Setting.name == CONTROLS, Setting.from_on <= clock.today())
    latest = {row.organisation_id: row.value for row in (session or db.session).execute(query.order_by(Setting.from_on))}
    return list(latest.values())


def limit(name: str, held: list[dict[str, Any]] | None = None) -> int:
    """One limit (`sign_in.*` of the settings), read now unless what is in force is given."""
    wanted = in_force() if held is None else held
    found = [int(value["limits"][name]) for value in wanted if name in value.get("limits", {})]
    if not found:
        return int(reference.default(f"sign_in.{name}"))
    return max(found, key=lambda value: strictness(name, value))


def strictness(name: str, value: int) -> float:
    """The greater, the stricter: what two values of a limit are compared by."""
    if name in MORE_IS_STRICTER:
        return value
    return -value if value or name not in NONE_AT_ALL else float("-inf")
