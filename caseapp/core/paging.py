"""A page of a longer list; how the cursor is made lies in `queries/paging.py`."""

from dataclasses import dataclass
from typing import Generic, TypeVar

Row = TypeVar("Row")


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Items of one page, the opaque cursor of the next (None at the end) and, where it is cheap, the whole count."""

    items: list[Row]
    next: str | None
    count: int | None = None
