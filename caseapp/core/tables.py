"""Tables as values: one `Table` feeds screen, CSV, XLSX and JSON alike."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Column:
    """A column: code for machines, label for people, and whether it holds numbers."""

    code: str
    label: Any
    numeric: bool = False


@dataclass(frozen=True)
class Table:
    """Columns and rows plus the notes that must be printed with them (definitions, cut-off, marks)."""

    code: str
    title: Any
    columns: Sequence[Column]
    rows: Sequence[Sequence[Any]]
    notes: Sequence[Any] = field(default=())
