"""The trail of the invented history, packed as `services/trust/audit.py` packs it: one entry for what one person did at once."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from caseapp.cli.demo.batch import Batch
from caseapp.cli.demo.places import Place
from caseapp.cli.demo.source import Row, Source
from caseapp.models import trust as t


@dataclass
class Round:
    """What one worker wrote down on one day."""

    last: datetime
    files: list[UUID] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)


class Trail:
    """Gathers who did and saw what at one station, then writes entries and the index of who saw a file."""

    def __init__(self, source: Source, batch: Batch, station: Place) -> None:
        self.source, self.batch, self.station = source, batch, station
        self.rounds: dict[tuple[UUID, date], Round] = {}
        self.seen: dict[tuple[UUID, UUID, date], list[Any]] = {}
        self.roles = {
            station.head: "station_head",
            station.township: "township_supervisor",
            **dict.fromkeys(station.workers, "worker"),
        }
        if station.supervisor:
            self.roles[station.supervisor] = "supervisor"

    def round(self, worker: UUID, day: date, when: datetime, files: Iterable[UUID], rows: list[Row]) -> None:
        """Visits of a day are told in one entry, as a round is written."""
        found = self.rounds.setdefault((worker, day), Round(when))
        found.files += files
        found.rows += rows
        found.last = max(found.last, when)

    def done(
        self, user: UUID, when: datetime, day: date, event: str, files: Iterable[UUID], rows: list[Row] | None = None
    ) -> None:
        """A change by somebody."""
        self._entry("change", user, when, day, event, list(files), {"events": [event], "rows": rows or []}, opened=0)

    def read(self, user: UUID, when: datetime, day: date, event: str, files: Iterable[UUID]) -> None:
        """A file opened by somebody."""
        self._entry("read", user, when, day, event, list(files), None, opened=1)

    def write(self) -> None:
        """Everything gathered goes to the batch."""
        for (worker, day), found in self.rounds.items():
            self._entry(
                "change", worker, found.last, day, "round.recorded" if len(found.files) > 1 else "visit.recorded", found.files,
                {"events": ["visit.recorded"], "rows": found.rows}, opened=0,
            )  # fmt: skip
        self.rounds.clear()
        for (file_id, user, day), (times, opened, last, role) in self.seen.items():
            self.batch.add(
                t.AuditSeen, file_id=file_id, user_id=user, seen_on=day, role=role, times=times, opened=opened, last_at=last,
                station_path=self.station.path,
            )  # fmt: skip
        self.seen.clear()

    def _entry(
        self, kind: str, user: UUID, when: datetime, day: date, event: str, files: list[UUID], changes: Row | None, *, opened: int
    ) -> None:
        people, role = sorted(set(files)), self.roles[user]
        self.batch.add(
            t.AuditEntry, id=self.source.key(when), at=when, kind=kind, event=event, user_id=user, grant_id=self.station.grants[user],
            role=role, channel="page", station_path=self.station.path, endpoint=None, status=200 if kind == "read" else None,
            changes=changes, people=b"".join(file_id.bytes for file_id in people), count=len(people),
        )  # fmt: skip
        for file_id in people:
            held = self.seen.get((file_id, user, day))
            if held is None:
                self.seen[file_id, user, day] = [1, opened, when, role]
            else:
                held[0] += 1
                held[1] += opened
                held[2] = max(held[2], when)
