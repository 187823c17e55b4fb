"""The catalogue of published tables refuses what would give something away, and every table is counted by somebody."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from caseapp import domains, reference
from caseapp.reference.files import BrokenReference, read_json
from caseapp.reference.statistics import newest, tiles, versions
from caseapp.reference.statistics.read import read_catalogue
from devtools import figures

RAW = read_json("statistics/2026.3.json")


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
    "no known way": lambda raw: raw["measures"][0].update(over_time="x"),
    "without a word": lambda raw: raw["measures"].pop(),
    "balance without its stock": lambda raw: raw["balances"][0].update(stock="visits"),
    "comparison of unknown": lambda raw: raw["never_more"][0].update(large="x"),
    "no word explains": lambda raw: raw["words"].pop("minutes"),
    "sensitive in what": lambda raw: table(raw, "hours").update(sensitive=["sex"]),
    "reach too deep": lambda raw: table(raw, "visits_outcome").update(months="township"),
    "do not add up by age_band": lambda raw: table(raw, "visits_age").update(months="county"),
    "need those by section": lambda raw: table(raw, "services_item").update(months="county"),
    "too detailed for months": lambda raw: table(raw, "on_file_age_sex").update(months="county"),
    "0-17 is of minors": lambda raw: dimension(raw, "age_band")["values"][0].pop("k"),
    "orphan is of minors": lambda raw: dimension(raw, "group")["values"][10].pop("k"),
    "unknown age band": lambda raw: dimension(raw, "group")["values"][10].update(ages=["0-16"]),
    "named after another": lambda raw: raw.update(version="x"),
}


@pytest.mark.parametrize("words", BROKEN)
def test_a_broken_catalogue_is_refused_by_name(words: str) -> None:
    raw = copy.deepcopy(RAW)
    BROKEN[words](raw)
    with pytest.raises(BrokenReference, match=words):
        read_catalogue("2026.3", raw)


def test_every_table_is_counted_and_every_measure_is_published() -> None:
    counted = domains.measures()
    assert set(newest().linked()) == set(counted)
    assert len(counted) == len({*counted})


def test_earlier_versions_stay_readable() -> None:
    assert list(versions()) == ["2026.1", "2026.2", "2026.3"]
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


def test_tables_that_form_a_ring_are_one_frame_and_every_table_is_a_sum_of_frames() -> None:
    found = newest()
    assert set(found.frames("services")) == {("served_age", "served_sex", "domain"), ("item",), ("entry",)}
    assert set(found.frames("on_file")) == {("age_band", "sex"), ("group",)}
    assert found.frames("visited") == (("age_band",), ("sex",), ("group",))
    for measure, tables in found.linked().items():
        frames = found.frames(measure)
        assert set(frames) <= set(found.groupings(measure))
        for kind in tables:
            whole = any({*kind.names} <= {*frame} for frame in frames)
            assert whole or (kind.names in (("domain",), ("section",)) and ("item",) in frames), kind.code


def test_months_are_a_catalogue_of_their_own_at_county_and_above() -> None:
    months = newest().monthly()
    assert {t.code for t in months.tables} >= {"on_file_group", "enrolled", "cases_active", "visit_rate", "referrals_kind"}
    assert all("township" not in t.levels and t.periods == ("quarter", "month") for t in months.tables)
    assert len(newest().tables) > len(months.tables)


def test_whoever_counts_minors_only_has_their_threshold_in_the_total_too() -> None:
    kinds = {code: newest().table(code) for code in ("guardianship_level", "on_file_age", "cases_opened_domain")}
    assert [kinds[code].least() for code in kinds if kinds[code]] == [10, 5, 5]  # type: ignore[union-attr]
    opened = kinds["cases_opened_domain"]
    assert opened is not None and opened.sensitive == ("domain",)
    assert opened.least((opened.dimensions[0].values[2],)) == 10


@pytest.mark.parametrize("name", [f"{newest().version}.{language}.md" for language in figures.LANGUAGES])
def test_the_catalogue_in_words_is_the_one_of_the_data(name: str) -> None:
    written = (figures.FOLDER / name).read_text(encoding="utf-8")
    assert written == figures.documents(newest())[name], "run: python -m devtools.figures"
    assert all(table.code in written for table in newest().tables)
