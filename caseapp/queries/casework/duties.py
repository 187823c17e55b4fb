"""Duties: what facts on file ask for by a day, reckoned when a list is read.

A birthday, a re-assessment, an answer that has not come: such a duty is not a row that a nightly job would have to write and
every editor to keep in step. It holds as long as the facts say so, on the day it is looked at; doing it ends it. Where the
facts cannot say that it is done, a task of its kind that somebody ended ends it too (`ended`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from caseapp.extensions import db
from caseapp.models.casework import Case, Client, Task


@dataclass(frozen=True)
class Whose:
    """Which duties are wanted: those falling due until a day, of one worker (None: of everybody in scope), about one person
    or one case. `late_of_all`: those of others too once they are late, for the head. `also`: absent colleagues whose work that
    worker does."""

    until: date
    worker_id: UUID | None = None
    client: Client | None = None
    case: Case | None = None
    late_of_all: bool = False
    also: tuple[UUID, ...] = ()

    @property
    def workers(self) -> tuple[UUID, ...] | None:
        """Whose duties; None for everybody's in scope."""
        return None if self.worker_id is None else (self.worker_id, *self.also)

    def is_of(self, *users: UUID | None) -> bool:
        """Whether a duty of one of these users is wanted."""
        return self.workers is None or bool(set(self.workers) & set(users))


@dataclass(frozen=True)
class Duty:
    """One duty: its kind (of the list `task_kind`), by when, about whom, and the page where it is done.

    `endpoint` takes `values`; `ending` says that it may also be ended by hand, with a reason.
    """

    kind: str
    on: date
    title: str
    client_id: UUID | None
    endpoint: str
    values: Mapping[str, Any] = field(default_factory=dict)
    domain: str | None = None
    ending: bool = False


def ended(kinds: Iterable[str], clients: Iterable[UUID]) -> dict[tuple[UUID, str], date]:
    """The last day for which a duty of some kinds about some persons was ended by hand: by person and kind."""
    ids = sorted(clients)
    if not ids:
        return {}
    query = select(Task.client_id, Task.kind, Task.due_on).where(
        Task.client_id.in_(ids), Task.kind.in_(tuple(kinds)), Task.state.in_(("done", "undone"))
    )
    found: dict[tuple[UUID, str], date] = {}
    for client_id, kind, day in db.session.execute(query):
        if client_id is not None:
            found[client_id, kind] = max(day, found.get((client_id, kind), day))
    return found
