"""The lines of a table of changes: read from CSV or XLSX, checked each for itself, written back as CSV."""

import csv
import io
import re
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from caseapp import reference
from caseapp.adapters import workbooks
from caseapp.core import hygiene
from caseapp.core.errors import Invalid
from caseapp.core.text import _l
from caseapp.models.organisation import DivisionChange

COLUMNS = ("code", "name", "level", "parent", "effective", "now_code", "counts_for_coverage")
NEEDED = frozenset({"code", "effective"})
LONGEST = 5_000
CODE = re.compile(r"\d{12}|X[0-9A-Z-]{1,11}", re.ASCII)  # an area without an official code has one of its own
FORMULA = ("=", "+", "-", "@")
# what comes first where two changes hold from the same day: what others stand on
ORDER = {"province": 0, "city": 1, "management_area": 1, "county": 2, "township": 3, "village": 4}


@dataclass
class Line:
    """One line of a table: what it would do, or what is wrong with it."""

    number: int
    code: str
    name: str = ""
    level: str = ""
    parent: str = ""
    effective: date | None = None
    now_code: str = ""
    counts: bool | None = None
    act: str = ""  # new rename move count abolish nothing
    was: str = ""  # the old name, or the name of the old parent
    becomes: str = ""
    waits: bool = False  # until its day
    path: str = ""  # of the office it lies under
    problems: list[Any] = field(default_factory=list)

    @property
    def rank(self) -> tuple[Any, ...]:
        """In which order lines are carried out."""
        return (self.effective or date.max, bool(self.now_code), ORDER.get(self.level, 9), self.number)


@cache
def _headings() -> dict[str, str]:
    """What a column may be called: its code, or its word in either language."""
    found: dict[str, str] = {}
    for column in reference.codes("division_column"):
        found |= {word.casefold(): column.code for word in (column.code, column.zh, column.en)}
    return found


@cache
def _levels() -> dict[str, str]:
    found: dict[str, str] = {}
    for level in reference.codes("division_level"):
        found |= {word.casefold(): level.code for word in (level.code, level.zh, level.en)}
    return found


def _answer(text: str) -> bool | None:
    """Yes, no, or nothing said; KeyError for other words."""
    facts = reference.codes("division_column").get("counts_for_coverage").facts  # type: ignore[union-attr]
    known = dict.fromkeys(facts["yes"], True) | dict.fromkeys(facts["no"], False) | {"": None}
    return known[text.casefold()]


def read(content: bytes) -> list[Line]:
    """The lines of a CSV file (UTF-8 or GB 18030) or of the first sheet of a workbook. Raises Invalid for what is no such file."""
    try:
        rows = [row for row in workbooks.rows(content) if any(cell.strip() for cell in row)]
    except workbooks.BadTable as error:
        raise Invalid(_l("This is neither a CSV file in UTF-8 or GB 18030 nor an XLSX workbook."), "file") from error
    head = [_headings().get(hygiene.clean_line(cell).casefold(), "") for cell in rows[0]] if rows else []
    if not set(head) >= NEEDED or len({name for name in head if name}) != len([name for name in head if name]):
        raise Invalid(_l("The first line must name the columns: %(names)s.", names=", ".join(COLUMNS)), "file")
    if len(rows) - 1 > LONGEST:
        raise Invalid(_l("At most %(most)s lines at once.", most=LONGEST), "file")
    if len(rows) == 1:
        raise Invalid(_l("The file names its columns and holds no line."), "file")
    return [_line(number, head, row) for number, row in enumerate(rows[1:], 2)]


def _line(number: int, head: list[str], row: list[str]) -> Line:
    cells = dict.fromkeys(COLUMNS, "") | {
        name: hygiene.clean_line(cell)[:200] for name, cell in zip(head, row, strict=False) if name
    }
    line = Line(number, cells["code"].upper(), cells["name"][:80], parent=cells["parent"].upper())
    line.now_code = cells["now_code"].upper()
    if any(cell.strip() for cell in row[len(head) :]) or any(cell.startswith(FORMULA) for cell in cells.values()):
        line.problems.append(_l("A cell looks like a formula, or the line has too many cells."))
    if not CODE.fullmatch(line.code):
        line.problems.append(_l("The code must have 12 digits."))
    try:
        line.level = _levels()[cells["level"].casefold()] if cells["level"] else ""
    except KeyError:
        line.problems.append(_l("This level is not known."))
    try:
        line.effective = date.fromisoformat(cells["effective"])
    except ValueError:
        line.problems.append(_l("The day must be written like 2026-07-01."))
    try:
        line.counts = _answer(cells["counts_for_coverage"])
    except KeyError:
        line.problems.append(_l("Whether it counts for coverage is said by yes or no."))
    return line


def line_of(change: DivisionChange, number: int) -> Line:
    """A waiting change as the line it came from, to be judged again on its day."""
    return Line(
        number,
        change.code,
        change.name or "",
        change.level or "",
        change.parent_code or "",
        change.effective_on,
        change.now_code or "",
        change.counts_for_coverage,
    )


def to_csv(lines: list[Line]) -> str:
    """The same lines as CSV text, which carries them from the preview to the act."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for line in lines:
        counts = "" if line.counts is None else str(int(line.counts))
        day = line.effective.isoformat() if line.effective else ""
        writer.writerow([line.code, line.name, line.level, line.parent, day, line.now_code, counts])
    return text.getvalue()
