"""The finished file: rows in no order with new random ids, and a dictionary that says what each column and value means."""

import csv
import io
import secrets
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from caseapp.reference.extracts import UNKNOWN, Attribute, Worded
from caseapp.services.statistics.extract.measure import Mark
from caseapp.services.statistics.extract.shape import Chosen, TrueCase, row_of

ROWS, WORDS, READ_ME = "cases.csv", "dictionary.csv", "README.txt"
FIXED = (2000, 1, 1, 0, 0, 0)  # of the files in the archive: no time of day goes along


@dataclass(frozen=True)
class Written:
    """The bytes of the rows, and the case behind each row in the order of the file."""

    content: bytes
    cases: tuple[TrueCase, ...]

    @property
    def marks(self) -> list[Mark]:
        """Person and household of each row."""
        return [(case.person, case.household) for case in self.cases]


def written(chosen: Chosen, levels: Mapping[str, int], cases: Sequence[TrueCase]) -> Written:
    """The rows as CSV: shuffled, each with a random id that is nothing's."""
    order = list(cases)
    secrets.SystemRandom().shuffle(order)
    text, seen = io.StringIO(), set()
    out = csv.DictWriter(text, ["row", *chosen.quasi, *chosen.sensitive], lineterminator="\r\n")
    out.writeheader()
    for case in order:
        name = secrets.token_hex(8)
        while name in seen:
            name = secrets.token_hex(8)
        seen.add(name)
        out.writerow({"row": name} | row_of(chosen, levels, case))
    return Written(text.getvalue().encode(), tuple(order))


def archive(chosen: Chosen, levels: Mapping[str, int], rows: bytes, areas: Mapping[str, str], facts: Sequence[str]) -> bytes:
    """Rows, dictionary and what must be known to read them, as one ZIP file. `areas` is code → name, `facts` are lines."""
    lines = [*facts, "", *(one.zh for one in chosen.kind.statements), "", *(one.en for one in chosen.kind.statements), ""]
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in (
            (ROWS, rows),
            (WORDS, dictionary(chosen, levels, areas)),
            (READ_ME, "\r\n".join(lines).encode("utf-8-sig")),
        ):
            out.writestr(zipfile.ZipInfo(name, FIXED), content, zipfile.ZIP_DEFLATED)
    return held.getvalue()


def rows_in(content: bytes) -> bytes:
    """The rows of an archive."""
    with zipfile.ZipFile(io.BytesIO(content)) as held:
        return held.read(ROWS)


def dictionary(chosen: Chosen, levels: Mapping[str, int], areas: Mapping[str, str]) -> bytes:
    """Column, part, level and every value that may stand in it, in both languages: what the rules allow, not what the rows hold."""
    text, kind = io.StringIO(), chosen.kind
    out = csv.writer(text, lineterminator="\r\n")
    out.writerow(["column", "zh", "en", "part", "level_zh", "level_en", "value", "value_zh", "value_en"])
    out.writerow([kind.row.code, kind.row.zh, kind.row.en, "random", "", "", "", "", ""])
    for one in chosen.told:
        number = levels[one.code]
        level = one.levels[number - 1] if number < one.top else kind.missing[-1]
        for value in (*_values(one, number, areas), *kind.missing):
            out.writerow([one.code, one.zh, one.en, "quasi", level.zh, level.en, value.code, value.zh, value.en])
    for code in chosen.sensitive:
        kept = kind.sensitive_one(code)
        for value in (*kept.values, *(one for one in kind.missing if one.code == UNKNOWN)):
            out.writerow([code, kept.zh, kept.en, "sensitive", "", "", value.code, value.zh, value.en])
    return text.getvalue().encode("utf-8-sig")


def _values(one: Attribute, number: int, areas: Mapping[str, str]) -> Iterator[Worded]:
    if number >= one.top:
        return
    if one.kind == "division":
        yield from (Worded(code, name, name) for code, name in sorted(areas.items()))
    yield from one.levels[number - 1].values
