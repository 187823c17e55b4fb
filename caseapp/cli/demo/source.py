"""Where everything invented comes from: one seeded source of choices, keys, instants and sealed text."""

import json
import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from caseapp.adapters import keys
from caseapp.core.clock import SHANGHAI
from caseapp.reference.files import read_json

Row = dict[str, Any]
MIDNIGHT = datetime(2020, 1, 1, tzinfo=SHANGHAI).astimezone(UTC)  # Asia/Shanghai keeps no summer time
FIRST_DAY = date(2020, 1, 1)


@cache
def pool(name: str) -> dict[str, Any]:
    """The names or the sentences that the demo is put together from."""
    return read_json(f"demo/{name}.json")


def at(day: date, minutes: int = 540) -> datetime:
    """An instant of a day in Asia/Shanghai, by minutes after midnight."""
    return MIDNIGHT + timedelta(days=(day - FIRST_DAY).days, minutes=minutes)


class Source(random.Random):
    """Seeded: the same seed and day give the same rows; only the nonces of sealed fields differ."""

    def __init__(self, seed: object, today: date) -> None:
        super().__init__(f"caseapp demo {seed} {today.isoformat()}")
        self.today = today
        self._tick = 0

    def key(self, when: datetime) -> UUID:
        """A UUIDv7 of that instant, so that keys lie in the order in which things happened."""
        self._tick = (self._tick + 1) % 4096
        stamp = int(when.timestamp() * 1000)
        return UUID(int=stamp << 80 | 7 << 76 | self._tick << 64 | 2 << 62 | self.getrandbits(62))

    def hit(self, share: float) -> bool:
        """True in that share of the asks."""
        return self.random() < share

    def pick(self, items: Sequence[Any]) -> Any:
        """One of them."""
        return items[int(self.random() * len(items))]

    def between(self, low: int, high: int) -> int:
        """A whole number, both ends included; quicker than randint."""
        return low + int(self.random() * (high - low + 1))

    def weighted(self, shares: dict[Any, int]) -> Any:
        """A key by the share it has."""
        left = self.random() * sum(shares.values())
        for item, share in shares.items():
            left -= share
            if left < 0:
                return item
        return next(iter(shares))


def sealed(table: str, column: str, row_id: UUID, text: Any) -> bytes | None:
    """What a `Sealed` attribute of that row would keep; a list or mapping as JSON."""
    if text is None or text == "":
        return None
    clear = text if isinstance(text, str) else json.dumps(text, ensure_ascii=False, sort_keys=True)
    return keys.ring().seal(clear.encode(), keys.bound(table, column, row_id))
