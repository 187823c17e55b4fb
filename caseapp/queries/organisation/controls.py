"""What the security administrator demands of accounts: which roles need a second factor and from which day on, and limits.

A control holds for the whole installation: contractors stand beside the tree, and somebody may hold roles in two places.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from caseapp.access import limits

NAME = limits.CONTROLS


@dataclass(frozen=True)
class Controls:
    """Role → the day from which nobody signs in under it without a second factor; `version` counts the changes."""

    roles: dict[str, date]
    version: int
    held: list[dict[str, Any]] = field(default_factory=list)

    def limit(self, name: str) -> int:
        """A limit of signing in (`sign_in.*` of the settings), as set here or else by default."""
        return limits.limit(name, self.held)

    def due(self, roles: set[str]) -> date | None:
        """The day from which somebody with these roles needs a second factor; None when nobody asks for one."""
        return min((self.roles[role] for role in roles & self.roles.keys()), default=None)


def controls(session: Session | Any = None) -> Controls:
    """What is in force today: of every place that set something the latest, and the strictest of them."""
    held = limits.in_force(session)
    roles: dict[str, date] = {}
    for value in held:
        for role, day in value.get("roles", {}).items():
            roles[role] = min(date.fromisoformat(day), roles.get(role, date.max))
    return Controls(roles, max((value.get("version", 0) for value in held), default=0), held)
