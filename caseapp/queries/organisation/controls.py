"""What the security administrator demands of accounts: which roles need a second factor, from which day on.

A control holds for the whole installation: contractors stand beside the tree, and somebody may hold roles in two places.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseapp.core import clock
from caseapp.extensions import db
from caseapp.models.organisation import Setting

NAME = "trust.controls"


@dataclass(frozen=True)
class Controls:
    """Role → the day from which nobody signs in under it without a second factor; `version` counts the changes."""

    roles: dict[str, date]
    version: int

    def due(self, roles: set[str]) -> date | None:
        """The day from which somebody with these roles needs a second factor; None when nobody asks for one."""
        return min((self.roles[role] for role in roles & self.roles.keys()), default=None)


def controls(session: Session | Any = None) -> Controls:
    """What is in force today: of every place that set something the latest, and the strictest of them."""
    query = select(Setting.organisation_id, Setting.value).where(Setting.name == NAME, Setting.from_on <= clock.today())
    latest = {row.organisation_id: row.value for row in (session or db.session).execute(query.order_by(Setting.from_on))}
    roles: dict[str, date] = {}
    for value in latest.values():
        for role, day in value.get("roles", {}).items():
            roles[role] = min(date.fromisoformat(day), roles.get(role, date.max))
    return Controls(roles, max((value.get("version", 0) for value in latest.values()), default=0))
