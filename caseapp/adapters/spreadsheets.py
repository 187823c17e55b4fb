"""Tables as CSV and XLSX bytes: a cover of facts, then each table with its notes; text never becomes a formula."""

import csv
import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import xlsxwriter

from caseapp.core.tables import Table

MEDIA = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
FORMULA = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "\n",
    "\uff1d",
    "\uff0b",
    "\uff0d",
    "\uff20",
)  # full-width ones too: some programs fold them
FOOT = 255  # characters of a footer that a workbook holds
CELL = 32_767  # characters; the most that a cell of a workbook holds
Cover = Sequence[tuple[Any, Any]]


def plain(value: Any) -> Any:
    """A cell of a CSV file: numbers as they are, text that a spreadsheet would take for a formula behind an apostrophe."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    text = "" if value is None else str(value)
    return f"'{text}" if text.lstrip().startswith(FORMULA) or text.startswith(FORMULA) else text


def to_csv(cover: Cover, tables: Sequence[Table]) -> bytes:
    """UTF-8 with its mark, so that a double click shows Chinese; an empty line before each table."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows([plain(label), plain(value)] for label, value in cover)
    for table in tables:
        writer.writerow([])
        writer.writerow([plain(table.title)])
        writer.writerows([plain(note)] for note in table.notes)
        writer.writerow([plain(column.label) for column in table.columns])
        writer.writerows([plain(cell) for cell in row] for row in table.rows)
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def to_xlsx(
    title: str, cover_name: str, cover: Cover, tables: Sequence[Table], made: datetime, *, footer: str | None = None
) -> bytes:
    """A cover sheet and one sheet per table; every text is written as text, no formula, link or hidden sheet.

    `footer` is printed at the foot of every page.
    """
    held = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(held, options) as book:
        book.set_properties({"title": title, "created": made.replace(tzinfo=None)})
        styles = {
            "title": book.add_format({"bold": True, "font_size": 14}),
            "head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}),
            "text": book.add_format({"text_wrap": True, "valign": "top"}),
            "label": book.add_format({"bold": True, "valign": "top"}),
            "mark": book.add_format({"align": "right"}),
            "number": book.add_format({"num_format": "#,##0"}),
            "decimal": book.add_format({"num_format": "#,##0.0"}),
        }
        sheet = book.add_worksheet(_sheet_name(cover_name, 0))
        sheet.set_column(0, 0, 22)
        sheet.set_column(1, 1, 90)
        sheet.write_string(0, 0, title, styles["title"])
        for place, (label, value) in enumerate(cover, start=2):
            sheet.write_string(place, 0, str(label), styles["label"])
            sheet.write_string(place, 1, _text(value), styles["text"])
        for number, table in enumerate(tables, start=1):
            _sheet(book.add_worksheet(_sheet_name(str(table.title), number)), table, styles)
        for page in book.worksheets() if footer else ():
            page.set_footer(f"&L&8{str(footer).replace('&', '&&')}"[:FOOT])
    return held.getvalue()


def blank_xlsx(title: str, headings: Sequence[tuple[str, str]]) -> bytes:
    """An empty table to be filled in: (heading, what belongs below it); every cell is text, so that no code loses a digit."""
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True}) as book:
        sheet = book.add_worksheet(_sheet_name(title, 0))
        text, bold = book.add_format({"num_format": "@"}), book.add_format({"bold": True, "bottom": 1, "num_format": "@"})
        sheet.set_column(0, len(headings) - 1, 20, text)
        for place, (heading, hint) in enumerate(headings):
            sheet.write_string(0, place, heading, bold)
            sheet.write_comment(0, place, hint)
        sheet.freeze_panes(1, 0)
    return held.getvalue()


def _sheet(sheet: Any, table: Table, styles: dict[str, Any]) -> None:
    sheet.write_string(0, 0, str(table.title), styles["title"])
    place = 1
    for note in table.notes:
        sheet.write_string(place, 0, str(note))
        place += 1
    place += 1
    for number, column in enumerate(table.columns):
        sheet.set_column(number, number, 12 if column.numeric else 18)
        sheet.write_string(place, number, str(column.label), styles["head"])
    sheet.freeze_panes(place + 1, 0)
    for row in table.rows:
        place += 1
        for number, cell in enumerate(row):
            if isinstance(cell, int | float) and not isinstance(cell, bool):
                sheet.write_number(place, number, cell, styles["number" if isinstance(cell, int) else "decimal"])
            else:
                style = styles["mark"] if table.columns[number].numeric else None
                sheet.write_string(place, number, _text(cell), style)


def _text(value: Any) -> str:
    """A cell's text; what no cell holds is cut, and shows that it was."""
    text = "" if value is None else str(value)
    return text if len(text) <= CELL else text[: CELL - 1] + "…"


def _sheet_name(title: str, number: int) -> str:
    """At most 31 characters, none of those a sheet may not carry, numbered so that no two are alike."""
    kept = "".join(" " if letter in "[]:*?/\\'" else letter for letter in title).strip()
    return (f"{number} {kept}" if number else kept)[:31].strip()
