"""What a look through the trail found."""

from dataclasses import dataclass, field
from datetime import datetime

MOST = 100  # faults that are told one by one


@dataclass(frozen=True)
class Fault:
    """What is wrong, and where: the number of an entry, or of a seal."""

    kind: str  # changed removed inserted late reordered gap signature checkpoint archive
    where: str


@dataclass
class Report:
    """What was looked at, and what was found; `waiting` entries are not sealed yet, the oldest written at `oldest`.

    `archived` entries lie in archives only; `unread` of them in archives that nobody gave to look at.
    """

    entries: int = 0
    seals: int = 0
    waiting: int = 0
    oldest: datetime | None = None
    head: bytes = b"\0" * 32
    archived: int = 0
    unread: int = 0
    faults: list[Fault] = field(default_factory=list)

    def add(self, kind: str, where: str) -> None:
        """Notes a fault; past a hundred of them only that there are more."""
        if len(self.faults) < MOST:
            self.faults.append(Fault(kind, where))

    def join(self, other: "Report") -> None:
        """Takes in what was found in the next part of the trail."""
        self.entries += other.entries
        self.seals += other.seals
        self.head = other.head
        for fault in other.faults:
            self.add(fault.kind, fault.where)
