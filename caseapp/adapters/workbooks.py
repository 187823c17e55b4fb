"""Reading what an office sends as a table: the first sheet of an XLSX workbook or a CSV file, as rows of text."""

import csv
import io
import zipfile
import zlib
from datetime import date, datetime
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

ZIP = b"PK\x03\x04"
UNPACKED_MOST = 60 * 1024 * 1024  # a small file can unpack to gigabytes

PARTS_MOST = 1000


class BadTable(ValueError):
    """Bytes that are no such table."""


def rows(content: bytes) -> list[list[str]]:
    """Every row of a table. Raises BadTable; dates come as 2026-07-01, whole numbers without a point."""
    return _workbook(content) if content.startswith(ZIP) else _csv(content)


def _workbook(content: bytes) -> list[list[str]]:
    try:
        book = CalamineWorkbook.from_filelike(_unpacked(content))
        return [[_text(cell) for cell in row] for row in book.get_sheet_by_index(0).to_python(skip_empty_area=False)]
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, CalamineError) as error:
        raise BadTable("no workbook") from error


def _unpacked(content: bytes) -> io.BytesIO:
    """The same folder without compression: what its list says of sizes may be a lie, what was read of each part by it is not."""
    plain = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as packed, zipfile.ZipFile(plain, "w") as out:
        parts = packed.infolist()
        if len(parts) > PARTS_MOST or sum(part.file_size for part in parts) > UNPACKED_MOST:
            raise BadTable("too large")
        for part in parts:
            out.writestr(part.filename, packed.read(part))
    plain.seek(0)
    return plain


def _csv(content: bytes) -> list[list[str]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise BadTable("no text")
    if "\0" in text:
        raise BadTable("no text")
    try:
        return list(csv.reader(io.StringIO(text, newline="")))
    except csv.Error as error:
        raise BadTable("no table") from error


def _text(cell: Any) -> str:
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
