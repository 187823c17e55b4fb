"""A release as SDMX: one SDMX-CSV 2.0 file for each table, and the structure (SDMX-JSON) that says what its columns mean.

Built from published cells alone. A cell that is not shown has no OBS_VALUE and the status Q of the SDMX code list CL_OBS_STATUS
("missing value; suppressed"), a rate of nothing the status M ("missing value; data cannot exist"); the total over a dimension
is `_T`. Signs that an SDMX id may not hold become underscores; the code of the catalogue stands beside it as an annotation.
"""

import csv
import io
import json
import re
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

from caseapp.models.statistics import StatRelease
from caseapp.queries.statistics.published import HIDDEN, NOTHING, Line
from caseapp.reference.files import Worded, read_json
from caseapp.reference.statistics import Dimension, TableKind

AGENCY, TOTAL = "CASEAPP", "_T"
BEFORE = ("STRUCTURE", "STRUCTURE_ID", "ACTION", "GEO")
ATTACHED = ("RELEASE", "CHAIN_HEAD", "COPY")
STATUS = {HIDDEN: "Q", NOTHING: "M"}
WORDS = read_json("sdmx.json")
STAMP = (1980, 1, 1, 0, 0, 0)  # of every part of the file: the time stands in what it says


def to_zip(
    release: StatRelease, kinds: Sequence[TableKind], held: Mapping[str, Sequence[Line]], about: Mapping[str, str], copy: str
) -> bytes:
    """The bytes: `data/<table>.csv`, `structure.json`, `about.json`; the same for the same arguments."""
    parts = {f"data/{kind.code}.csv": _csv(release, kind, held[kind.code], copy) for kind in kinds}
    parts["structure.json"] = _json(structure(release, kinds, held))
    parts["about.json"] = _json(about)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as folder:
        for name in sorted(parts):
            entry = zipfile.ZipInfo(name, STAMP)
            entry.compress_type = zipfile.ZIP_DEFLATED
            folder.writestr(entry, parts[name])
    return out.getvalue()


def identifier(code: str) -> str:
    """A code as SDMX allows one: letters, digits, @ $ - and the underscore."""
    return re.sub(r"[^A-Za-z0-9_@$-]", "_", code) or TOTAL


def structure(release: StatRelease, kinds: Sequence[TableKind], held: Mapping[str, Sequence[Line]]) -> dict[str, Any]:
    """Code lists, data structures and dataflows of these tables, in both languages."""
    version = _version(release)
    dimensions = {dimension.code: dimension for kind in kinds for dimension in kind.dimensions}
    places = {line.place.code: line.place for kind in kinds for line in held[kind.code]}
    areas = {
        **_artefact(version, **WORDS["areas"]),
        "codes": [
            {
                "id": identifier(code),
                "name": place.name,
                **({"parent": identifier(place.parent)} if place.parent in places else {}),
            }
            for code, place in places.items()
        ],
    }
    status = {
        **_artefact(version, **WORDS["observations"]),
        "codes": [{"id": told["code"], **_names(told["zh"], told["en"])} for told in WORDS["status"]],
    }
    return {
        "meta": {
            "schema": "https://raw.githubusercontent.com/sdmx-twg/sdmx-json/master/structure-message/tools/schemas/2.0.0/"
            "sdmx-json-structure-schema.json",
            "id": f"{AGENCY}-{release.period}-{release.number}",
            "prepared": release.published_at.isoformat(),
            "contentLanguages": ["zh", "en"],
            "sender": {"id": AGENCY},
        },
        "data": {
            "codelists": [areas, status, *(_codelist(dimension, version) for dimension in dimensions.values())],
            "dataStructures": [_structure(kind, version) for kind in kinds],
            "dataflows": [
                {**_artefact(version, identifier(kind.code).upper(), kind.zh, kind.en), "structure": _urn(kind, version)}
                for kind in kinds
            ],
        },
    }


def _structure(kind: TableKind, version: str) -> dict[str, Any]:
    lists = [("GEO", "CL_AREA"), *((_column(dimension), _list(dimension)) for dimension in kind.dimensions)]
    return {
        **_artefact(version, f"DSD_{identifier(kind.code).upper()}", kind.zh, kind.en),
        "annotations": [
            {"type": "DEFINITION", "texts": {"zh": kind.fact("definition"), "en": kind.fact("definition", "en")}},
            {"type": "UNIT", "texts": {"zh": kind.fact("unit"), "en": kind.fact("unit", "en")}},
        ],
        "dataStructureComponents": {
            "dimensionList": {
                "id": "DimensionDescriptor",
                "dimensions": [
                    {"id": name, "position": place, "localRepresentation": {"enumeration": _enumeration(codelist, version)}}
                    for place, (name, codelist) in enumerate(lists)
                ],
                "timeDimensions": [
                    {
                        "id": "TIME_PERIOD",
                        "position": len(lists),
                        "localRepresentation": {"format": {"dataType": "ObservationalTimePeriod"}},
                    }
                ],
            },
            "measureList": {"id": "MeasureDescriptor", "measures": [{"id": "OBS_VALUE"}]},
            "attributeList": {
                "id": "AttributeDescriptor",
                "attributes": [
                    {
                        "id": "OBS_STATUS",
                        "usage": "mandatory",
                        "attributeRelationship": {"observation": {}},
                        "localRepresentation": {"enumeration": _enumeration("CL_OBS_STATUS", version)},
                    },
                    *({"id": name, "attributeRelationship": {"dataflow": {}}} for name in ATTACHED),
                ],
            },
        },
    }


def _csv(release: StatRelease, kind: TableKind, lines: Sequence[Line], copy: str) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    columns = [_column(dimension) for dimension in kind.dimensions]
    writer.writerow([*BEFORE, *columns, "TIME_PERIOD", "OBS_VALUE", "OBS_STATUS", *ATTACHED])
    attached = [str(release.number), release.head or "", copy]
    flow = f"{AGENCY}:{identifier(kind.code).upper()}({_version(release)})"
    period = f"{release.period[:4]}-{release.period[4:]}"
    for line in lines:
        for values in ((), *kind.cells()):
            codes = [value.code for value in values]
            shown = line.shown.get(kind.dims_key(*codes))
            if shown is None:
                continue
            named = [identifier(code) for code in codes] or [TOTAL] * len(columns)
            value = "" if shown in STATUS else shown
            place = identifier(line.place.code)
            writer.writerow(["dataflow", flow, "I", place, *named, period, value, STATUS.get(shown, "A"), *attached])
    return text.getvalue().encode()


def _codelist(dimension: Dimension, version: str) -> dict[str, Any]:
    codes = [
        {
            "id": identifier(value.code),
            **_names(value.zh, value.en),
            **({"parent": identifier(value.parent)} if value.parent and dimension.value(value.parent) else {}),
            "annotations": [{"type": "CODE", "title": value.code}],
        }
        for value in dimension.values
    ]
    total = {"id": TOTAL, **_names(WORDS["total"]["zh"], WORDS["total"]["en"])}
    return {**_artefact(version, _list(dimension), dimension.zh, dimension.en), "codes": [total, *codes]}


def _artefact(version: str, code: str, zh: str, en: str) -> dict[str, Any]:
    return {"id": code, "agencyID": AGENCY, "version": version, **_names(zh, en)}


def _names(zh: str, en: str) -> dict[str, Any]:
    return {"name": zh, "names": {"zh": zh, "en": en}}


def _column(dimension: Worded) -> str:
    return identifier(dimension.code).upper()


def _list(dimension: Worded) -> str:
    return f"CL_{_column(dimension)}"


def _version(release: StatRelease) -> str:
    return f"{release.catalogue_version}.0"


def _urn(kind: TableKind, version: str) -> str:
    name = f"DSD_{identifier(kind.code).upper()}"
    return f"urn:sdmx:org.sdmx.infomodel.datastructure.DataStructure={AGENCY}:{name}({version})"


def _enumeration(codelist: str, version: str) -> str:
    return f"urn:sdmx:org.sdmx.infomodel.codelist.Codelist={AGENCY}:{codelist}({version})"


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()
