"""The catalogue of published tables refuses what would give something away, and every table is counted by somebody."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from caseapp import domains, reference
from caseapp.reference.files import BrokenReference, read_json
from caseapp.reference.statistics import newest, tiles, versions
from caseapp.reference.statistics.read import read_catalogue

RAW = read_json("statistics/2026.2.json")


def dimension(raw: dict[str, Any], code: str) -> dict[str, Any]:
    """One dimension of a file."""
    return next(entry for entry in raw["dimensions"] if entry["code"] == code)


def table(raw: dict[str, Any], code: str) -> dict[str, Any]:
    """One table of a file."""
    return next(entry for entry in raw["tables"] if entry["code"] == code)


BROKEN: dict[str, Callable[[dict[str, Any]], Any]] = {
    "overlaps": lambda raw: dimension(raw, "age_band")["values"][1].update({"from": 17}),
    "leaves a gap": lambda raw: dimension(raw, "age_band")["values"][1].update({"from": 19}),
    "stands twice": lambda raw: dimension(raw, "group")["values"][0]["codes"].append("SA03"),
    "restricted tag": lambda raw: dimension(raw, "group")["values"][0]["codes"].append("MF04"),
    "unknown tag": lambda raw: dimension(raw, "group")["values"][0]["codes"].append("ZZ99"),
    "too detailed": lambda raw: table(raw, "on_file_age_sex").update(levels="township"),
    "needs a table by sex": lambda raw: raw["tables"].remove(table(raw, "on_file_sex")),
    "needs a table by section": lambda raw: raw["tables"].remove(table(raw, "services_section")),
    "too many cells": lambda raw: table(raw, "services_domain_age").update(dimensions=["item", "age_band"]),
    "are one table": lambda raw: raw["tables"].append({**table(raw, "on_file_sex"), "code": "again"}),
    "without a subject": lambda raw: table(raw, "hours").update(subject="x"),
    "lacks definition_en": lambda raw: table(raw, "hours").pop("definition_en"),
    "unknown measures": lambda raw: raw["balances"].append(["on_file", "x"]),
    "named after another": lambda raw: raw.update(version="x"),
}


@pytest.mark.parametrize("words", BROKEN)
def test_a_broken_catalogue_is_refused_by_name(words: str) -> None:
    raw = copy.deepcopy(RAW)
    BROKEN[words](raw)
    with pytest.raises(BrokenReference, match=words):
        read_catalogue("2026.2", raw)


def test_every_table_is_counted_and_every_measure_is_published() -> None:
    counted = domains.measures()
    assert set(newest().linked()) == set(counted)
    assert len(counted) == len({*counted})


def test_earlier_versions_stay_readable() -> None:
    assert list(versions()) == ["2026.1", "2026.2"]
    assert {t.code for t in versions()["2026.1"].tables} <= {t.code for t in newest().tables}


def test_raised_thresholds_cover_minors_and_what_is_highly_restricted() -> None:
    found = newest().dimensions
    for name, codes in {
        "age_band": ("0-17",),
        "domain": ("children", "affairs"),
        "section": ("C1", "C2", "C3", "E4"),
        "item": (*(item.code for item in reference.catalogue() if item.code[0] == "C"), "E4.1"),
    }.items():
        for code in codes:
            value = found[name].value(code)
            assert value is not None and value.k == 10, (name, code)


def test_the_map_has_a_square_for_every_county_of_the_province() -> None:
    counties = {row.code for row in reference.divisions() if row.level == "county"}
    assert {tile.code for tile in tiles()} == counties and len(counties) == 60
    assert all(len(tile.short) <= 3 for tile in tiles())
