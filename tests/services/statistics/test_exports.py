"""Files made from a release: every format with its release, chain and copy on every page; nothing hidden in any of their bytes."""

import csv
import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import func, select

from caseapp.access.system import system_session
from caseapp.core.errors import Invalid
from caseapp.extensions import db
from caseapp.models.statistics import StatCell, StatFact
from caseapp.queries.statistics import published
from caseapp.reference.statistics import newest
from caseapp.schemas.statistics.export import FORMATS, MakeExport
from caseapp.services.statistics import exports, files, sdmx

PURPOSE = "Report to the council"


@pytest.fixture
def made(app: Any, publish: Any, as_: Any) -> Any:
    """The release and its stored files: format → (bytes, row), as the province takes them; the order of cells beside."""
    release, pia = publish(), as_("pia")
    release = published.release(pia, release.id)
    rows = {form: exports.make(MakeExport(form, PURPOSE), release, pia, "en") for form in FORMATS}
    db.session.commit()
    return release, {form: (row.content, row.watermark, row.file_name) for form, row in rows.items()}


def texts(name: str, content: bytes) -> Iterator[tuple[str, str]]:
    """Every text inside a file, part by part, whatever a program shows of it: an archive is opened, its parts are read as they are."""
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as folder:
            assert folder.comment == b""
            for entry in folder.infolist():
                assert entry.comment == b"" and entry.extra == b"", entry.filename
                yield f"{name}/{entry.filename} (its name)", entry.filename
                yield from texts(f"{name}/{entry.filename}", folder.read(entry))
    else:
        yield name, content.decode("utf-8-sig")


def true_values() -> dict[tuple[str, str, str], int]:
    """(measure, area, key) → the true number, summed up the tree from the facts, not by the code that publishes."""
    found: dict[tuple[str, str, str], int] = {}
    with system_session("test") as session:
        query = select(StatFact.measure, StatFact.area, StatFact.dims_key, func.sum(StatFact.value))
        for measure, area, key, value in session.execute(
            query.where(StatFact.period == "2026Q3").group_by(StatFact.measure, StatFact.area, StatFact.dims_key)
        ):
            for code in (area, area[:6] + "000000", area[:4] + "00000000", area[:2] + "0000000000"):
                found[measure, code, key] = found.get((measure, code, key), 0) + int(value)
    return found


def cells(form: str, content: bytes) -> dict[tuple[str, str, str], str]:
    """(table, area, key) → what the file says, read by the form's own rules; an empty text where nothing is shown."""
    found: dict[tuple[str, str, str], str] = {}
    kinds = {kind.code: kind for kind in newest().tables}
    if form == "json":
        for table in json.loads(content)["tables"]:
            for cell in table["cells"]:
                key = ";".join(f"{name}={code}" for name, code in cell["dims"].items())
                found[table["code"], cell["geo"], key] = cell["count"].replace("*", "")
    elif form == "sdmx":
        with zipfile.ZipFile(io.BytesIO(content)) as folder:
            for name in folder.namelist():
                if not name.startswith("data/"):
                    continue
                kind = kinds[name[5:-4]]
                known = {d.code: {sdmx.identifier(v.code): v.code for v in d.values} for d in kind.dimensions}
                for line in csv.DictReader(io.StringIO(folder.read(name).decode())):
                    told = [(d.code, known[d.code].get(line[d.code.upper()])) for d in kind.dimensions]
                    key = ";".join(f"{d}={code}" for d, code in told if code is not None)
                    assert (line["OBS_VALUE"] == "") == (line["OBS_STATUS"] in ("Q", "M"))
                    found[kind.code, line["GEO"], key] = line["OBS_VALUE"]
    return found


def test_no_file_holds_a_hidden_number_in_any_of_its_bytes(made: Any) -> None:
    """Each format read back by its own rules says for each cell what the release says; nothing else in it is a number of ours."""
    release, found = made
    with system_session("test") as session:
        query = select(StatCell.table, StatCell.area, StatCell.dims_key, StatCell.shown).where(StatCell.release_id == release.id)
        shown = {(table, area, key): said for table, area, key, said in session.execute(query.order_by(StatCell.position))}
        folder = files.files(session, release)
    true, measures = true_values(), {kind.code: kind for kind in newest().tables}
    hidden = {place for place, said in shown.items() if said == "*"}
    known = {place: true.get((measures[place[0]].measure, *place[1:]), 0) for place in hidden if not measures[place[0]].derived}
    assert sum(value > 0 for value in known.values()) > 50, "there is something to look for"
    for form in ("json", "sdmx"):
        read = cells(form, found[form][0])
        assert {place for place, said in read.items() if said in ("", "-")} >= hidden
        assert {p: said for p, said in read.items() if said not in ("", "-")} == {
            p: said for p, said in shown.items() if said not in ("*", "-")
        }
        for kind in newest().tables:
            mine = [place for place in read if place[0] == kind.code]
            assert mine == [place for place in shown if place[0] == kind.code], (
                "catalogue and tree order the cells, no value does"
            )
    book = CalamineWorkbook.from_filelike(io.BytesIO(found["xlsx"][0]))
    lines = list(csv.reader(io.StringIO(found["csv"][0].decode("utf-8-sig"))))
    numbers = _numbers(book)
    margins = {kind.code for kind in newest().tables if kind.crossed}  # whose total stands in the tables beside
    wanted = [
        float(said) for (table, _area, key), said in shown.items() if said not in ("*", "-") and (key or table not in margins)
    ]
    assert numbers == _numbers_of(lines) == Counter(wanted)
    told: dict[tuple[str, str, str], str] = {}
    for kind in newest().tables:
        text = folder[f"{'derived/' if kind.derived else ''}{kind.code}.csv"].decode()
        for line in csv.DictReader(io.StringIO(text)):
            key = ";".join(f"{name}={line[name]}" for name in kind.names if line[name])
            told[kind.code, line["geo"], key] = line["value" if kind.derived else "count"]
    assert list(told.items()) == list(shown.items()), "the folder of the release: these cells in this order and no others"


def _numbers(book: Any) -> Counter[float]:
    found: Counter[float] = Counter()
    for name in book.sheet_names:
        for row in book.get_sheet_by_name(name).to_python():
            for cell in row:
                if isinstance(cell, int | float) and not isinstance(cell, bool):
                    found[float(cell)] += 1
    return found


def _numbers_of(lines: list[list[str]]) -> Counter[float]:
    found: Counter[float] = Counter()
    for line in lines:
        if line and re.fullmatch(r"[0-9]{12}(-1)?", line[0]):
            for cell in line[3:]:
                if re.fullmatch(r"[0-9]+([.][0-9])?", cell):
                    found[float(cell)] += 1
    return found


def test_a_workbook_has_no_place_to_hide_anything(made: Any) -> None:
    """No hidden sheet, row or column, no comment, formula, chart, pivot, link, name, macro; properties say title and time only."""
    _release, found = made
    with zipfile.ZipFile(io.BytesIO(found["xlsx"][0])) as parts:
        names = parts.namelist()
        sheets = {name: parts.read(name).decode() for name in names if name.startswith("xl/worksheets/sheet")}
        book, core = parts.read("xl/workbook.xml").decode(), parts.read("docProps/core.xml").decode()
    allowed = re.compile(
        r"\[Content_Types\].xml|_rels/.rels|docProps/(app|core).xml|xl/(workbook|styles|sharedStrings|theme/theme1).xml"
        r"|xl/worksheets/sheet\d+.xml|xl/_rels/workbook.xml.rels"
    )
    assert [name for name in names if not allowed.fullmatch(name)] == []
    assert "hidden" not in book and "definedName" not in book and "veryHidden" not in book
    for name, text in sheets.items():
        assert "hidden" not in text and "<f>" not in text and "<hyperlink" not in text and "legacyDrawing" not in text, name
    said = re.findall(r"<(?:dc|cp):(\w+)[^>]*>([^<]+)<", core)
    assert {tag for tag, _text in said} <= {"title", "creator", "lastModifiedBy", "created", "modified"}
    assert "Pia" not in core and not any(tag in ("creator", "lastModifiedBy") and text.strip() for tag, text in said)


def test_every_page_says_which_release_which_chain_and_whose_copy(made: Any) -> None:
    release, found = made
    assert len({copy for _content, copy, _name in found.values()}) == len(FORMATS), "each copy is told apart"
    for form, (content, copy, name) in found.items():
        assert str(release.number) in name and copy not in name
        text = dict(texts(name, content))
        whole = "\n".join(text.values())
        assert release.head in whole and copy in whole and PURPOSE in whole and release.cut_off_on.isoformat() in whole, form
        assert "Pia" in whole and "Pat" in whole, "who made it and who checked it"
        for kind in newest().tables:
            definition = kind.fact("definition", "en")
            assert definition in whole or definition.replace("&", "&amp;") in whole or json.dumps(definition)[1:-1] in whole, kind
        if form == "xlsx":
            sheets = [part for part in text if re.search(r"worksheets/sheet\d+.xml$", part)]
            assert len(sheets) == len(newest().tables) + 1
            assert all(f"Chain {release.head} / Copy {copy}" in text[sheet] for sheet in sheets)
        elif form == "csv":
            assert content.decode().count(f"Chain {release.head} / Copy {copy}") == len(newest().tables)
        elif form == "sdmx":
            data = [part for part in text if "/data/" in part and part.endswith(".csv")]
            lines = [line for part in data for line in csv.DictReader(io.StringIO(text[part]))]
            assert lines and all((line["CHAIN_HEAD"], line["COPY"]) == (release.head, copy) for line in lines)


def test_the_structure_describes_every_column_and_code_of_the_data(made: Any) -> None:
    """What an SDMX tool needs: each column a component, each code in its list, ids as the standard allows, no id twice."""
    _release, found = made
    with zipfile.ZipFile(io.BytesIO(found["sdmx"][0])) as folder:
        data = {name[5:-4]: folder.read(name).decode() for name in folder.namelist() if name.startswith("data/")}
        said = json.loads(folder.read("structure.json"))["data"]
    lists = {one["id"]: [code["id"] for code in one["codes"]] for one in said["codelists"]}
    assert all(re.fullmatch(r"[A-Za-z0-9_@$-]+", code) for codes in lists.values() for code in codes)
    assert all(len(codes) == len(set(codes)) for codes in lists.values())
    structures = {one["id"]: one["dataStructureComponents"] for one in said["dataStructures"]}
    assert len(data) == len(newest().tables) == len(said["dataflows"])
    for table, text in data.items():
        parts = structures[f"DSD_{table.upper()}"]
        coded = {d["id"]: d["localRepresentation"]["enumeration"] for d in parts["dimensionList"]["dimensions"]}
        coded["OBS_STATUS"] = parts["attributeList"]["attributes"][0]["localRepresentation"]["enumeration"]
        lines = list(csv.DictReader(io.StringIO(text)))
        attributes = [one["id"] for one in parts["attributeList"]["attributes"]]
        components = [*(one["id"] for one in parts["dimensionList"]["dimensions"]), "TIME_PERIOD", "OBS_VALUE", *attributes]
        assert list(lines[0]) == ["STRUCTURE", "STRUCTURE_ID", "ACTION", *components]
        for column, urn in coded.items():
            codes = set(lists[re.search(r":(CL_\w+)\(", urn)[1]])
            assert {line[column] for line in lines} <= codes, (table, column)


def test_the_same_release_gives_the_same_bytes_but_for_who_and_when(app: Any, publish: Any, as_: Any) -> None:
    release, pia = publish(), as_("pia")
    release = published.release(pia, release.id)
    held = published.lines(pia, release)
    kinds = published.catalogue(release).tables
    again = [sdmx.to_zip(release, kinds, held, {"a": "b"}, "copy") for _turn in range(2)]
    assert again[0] == again[1]
    with pytest.raises(Invalid):
        exports.make(MakeExport("json", PURPOSE, "nothing"), release, pia)
    with system_session("test") as session:
        assert files.files(session, release) == files.files(session, release)
