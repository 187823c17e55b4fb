"""Tables for offices: text stays text in CSV and XLSX, whatever it looks like; what offices send is read as rows of text."""

import csv
import io
import zipfile
from datetime import datetime

import pytest
from python_calamine import CalamineWorkbook

from caseapp.adapters import spreadsheets, workbooks
from caseapp.core.tables import Column, Table

HOSTILE = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "=1+1", '=HYPERLINK("http://evil.example")')
TABLE = Table(
    "t", "表", (Column("place", "地方"), Column("n", "数", numeric=True)), tuple((text, 3) for text in HOSTILE), ("说明",)
)


def test_csv_text_that_looks_like_a_formula_is_no_formula() -> None:
    found = spreadsheets.to_csv([("who", "=1+1")], [TABLE])
    assert found.startswith(b"\xef\xbb\xbf")
    cells = [cell for row in csv.reader(io.StringIO(found.decode("utf-8-sig"))) for cell in row]
    assert not [cell for cell in cells if cell.lstrip()[:1] in ("=", "+", "-", "@", "=")]
    assert cells.count("3") == len(HOSTILE)


def test_xlsx_text_that_looks_like_a_formula_is_text() -> None:
    found = spreadsheets.to_xlsx("t", "cover", [("who", "=1+1")], [TABLE], datetime(2026, 7, 1))
    book = CalamineWorkbook.from_filelike(io.BytesIO(found))
    cells = [cell for row in book.get_sheet_by_index(1).to_python() for cell in row]
    assert set(HOSTILE) <= {str(cell) for cell in cells} and cells.count(3.0) == len(HOSTILE)
    with zipfile.ZipFile(io.BytesIO(found)) as parts:
        assert not [name for name in parts.namelist() if "external" in name.lower() or b"<f>" in parts.read(name)]


def test_a_table_is_read_as_rows_of_text() -> None:
    assert workbooks.rows("a,b\n1,二\n".encode()) == [["a", "b"], ["1", "二"]]
    assert workbooks.rows("a,b\n1,二\n".encode("gb18030")) == [["a", "b"], ["1", "二"]]
    blank = spreadsheets.blank_xlsx("t", [("代码", "hint"), ("名称", "")])
    assert workbooks.rows(blank)[0] == ["代码", "名称"]
    for wrong in (b"\xff\xfe\x00", b"PK\x03\x04", b"a\0b"):
        with pytest.raises(workbooks.BadTable):
            workbooks.rows(wrong)
