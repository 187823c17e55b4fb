"""The instruments that ship: vectors of each, what holds for all of them, and that none says too little or too much."""

import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseapp import reference
from caseapp.reference import files, instrument_files
from caseapp.reference.files import DATA
from caseapp.reference.instrument_files import superseded
from caseapp.reference.scoring import score
from tests.answers import best

ALL = {one.code: one for one in reference.instruments()}
CODES = sorted(ALL)


def level(code: str, **changed: int) -> str | None:
    return score(ALL[code], best(code, **changed)).computed_level


# --- GDS-15: the key decides ---


@pytest.mark.parametrize("item", range(1, 16))
def test_each_item_of_the_depression_scale_counts_on_the_right_side(item: int) -> None:
    """A point for "no" on 1, 5, 7, 11 and 13, for "yes" on the others."""
    healthy = {str(n): int(n in (1, 5, 7, 11, 13)) for n in range(1, 16)}
    assert score(ALL["gds15"], healthy).total == 0
    assert score(ALL["gds15"], healthy | {str(item): 1 - healthy[str(item)]}).total == 1


@pytest.mark.parametrize(
    ("said_yes", "total", "of_short_key", "of_shifted_key"),
    [  # what copies on the web would make of it: no counts on 1, 5, 7, 11 only; on 1, 5, 7, 12, 13
        ({1, 5, 7, 11, 13}, 0, 1, 2),
        ({1, 5, 7, 11}, 1, 0, 3),
        ({1, 5, 7, 12, 13}, 2, 3, 0),
        (set(range(1, 16)), 10, 11, 10),
        (set(), 5, 4, 5),
    ],
)
def test_mis_keyed_copies_would_come_to_other_totals(said_yes: Any, total: int, of_short_key: int, of_shifted_key: int) -> None:
    answers = {str(n): int(n in said_yes) for n in range(1, 16)}
    assert score(ALL["gds15"], answers).total == total
    for key, wrong in (({1, 5, 7, 11}, of_short_key), ({1, 5, 7, 12, 13}, of_shifted_key)):
        assert sum((n in said_yes) != (n in key) for n in range(1, 16)) == wrong, "the vector itself"


@pytest.mark.parametrize(
    ("total", "expected"),
    [(0, "normal"), (4, "normal"), (5, "mild"), (8, "mild"), (9, "moderate"), (11, "moderate"), (12, "severe"), (15, "severe")],
)
def test_cut_offs_of_the_depression_scale(total: int, expected: str) -> None:
    answers = best("gds15")
    for item in ALL["gds15"].items[:total]:
        answers[item.code] = 1 - answers[item.code]
    assert score(ALL["gds15"], answers).computed_level == expected


# --- Barthel ---


def test_ten_items_of_daily_living_make_a_hundred() -> None:
    tops = {item.zh.split("（")[0]: sorted(item.scores, reverse=True) for item in ALL["barthel"].items}
    assert list(tops.values()) == [
        [10, 5, 0], [5, 0], [5, 0], [10, 5, 0], [10, 5, 0], [10, 5, 0], [10, 5, 0], [15, 10, 5, 0], [15, 10, 5, 0], [10, 5, 0],
    ]  # fmt: skip
    assert ALL["barthel"].maximum == 100


@pytest.mark.parametrize(
    ("changed", "total", "expected"),
    [
        ({}, 100, "independent"),
        ({"y2": 0}, 95, "mild"),
        ({"y8": 0, "y9": 0, "y2": 0}, 65, "mild"),
        ({"y8": 0, "y9": 0, "y1": 0}, 60, "moderate"),
        ({"y8": 0, "y9": 0, "y1": 0, "y5": 0, "y2": 0}, 45, "moderate"),
        ({"y8": 0, "y9": 0, "y1": 0, "y5": 0, "y6": 0}, 40, "severe"),
        ({f"y{n}": 0 for n in range(1, 11)}, 0, "severe"),
    ],
)
def test_dependence_by_total(changed: Any, total: int, expected: str) -> None:
    found = score(ALL["barthel"], best("barthel", **changed))
    assert (found.total, found.computed_level) == (total, expected)


# --- PHQ-9 ---


@pytest.mark.parametrize(
    ("total", "expected"),
    [(0, "none"), (4, "none"), (5, "mild"), (9, "mild"), (10, "moderate"), (14, "moderate"), (15, "moderately_severe"),
     (19, "moderately_severe"), (20, "severe"), (27, "severe")],
)  # fmt: skip
def test_cut_offs_of_the_depression_screening(total: int, expected: str) -> None:
    answers, left = {}, total
    for item in ALL["phq9"].items:
        answers[item.code] = min(left, 3)
        left -= answers[item.code]
    assert score(ALL["phq9"], answers).computed_level == expected


@pytest.mark.parametrize("given_", [1, 2, 3])
def test_the_ninth_item_rings_whatever_the_total(given_: int) -> None:
    found = score(ALL["phq9"], best("phq9", y9=given_))
    (alert,) = found.alerts
    assert (found.computed_level, alert.code, alert.klass, alert.protocol) == ("none", "item9", "P3", "suicide")
    assert {(task.kind, task.who, task.days) for task in alert.tasks} == {
        ("suicide_screening", "worker", 0),
        ("crisis_told", "head", 0),
    }
    assert score(ALL["phq9"], {"9": given_}).alerts == (alert,), "before the form is finished too"
    assert not [a for a in score(ALL["phq9"], dict.fromkeys("12345678", 3) | {"9": 0}).alerts if a.protocol]


# --- suicide risk: by rules ---


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, "low"),
        ({"ideation": 1}, "low"),
        ({"alone": 1, "pain": 1, "loss": 1, "holding": 2}, "low"),
        ({"ideation": 1, "alone": 1}, "low"),
        ({"ideation": 1, "alone": 1, "holding": 1}, "medium"),
        ({"ideation": 2}, "medium"),
        ({"attempt": 1}, "low"),
        ({"attempt": 2}, "medium"),
        ({"plan": 1}, "medium"),
        ({"psychosis": 1}, "medium"),
        ({"ideation": 2, "plan": 1}, "high"),
        ({"ideation": 2, "means": 1}, "high"),
        ({"ideation": 1, "attempt": 2}, "high"),
        ({"ideation": 1, "psychosis": 1}, "high"),
        ({"means": 2}, "high"),
        ({"ideation": 2, "alone": 1, "loss": 1, "alcohol": 1}, "high"),
        ({"ideation": 2, "plan": 2}, "high"),
        ({"ideation": 2, "plan": 2, "means": 1}, "imminent"),
        ({"now": 1}, "imminent"),
        ({"attempt": 3}, "imminent"),
    ],
)
def test_suicide_risk_follows_rules_and_no_sum(changed: Any, expected: str) -> None:
    assert level("suicide_risk", **changed) == expected


def test_a_danger_rings_before_the_last_answer() -> None:
    found = score(ALL["suicide_risk"], {"now": 1})
    assert found.computed_level is None
    assert [alert.code for alert in found.alerts] == ["danger"]
    assert [a.code for a in score(ALL["suicide_risk"], best("suicide_risk", ideation=2)).alerts] == ["watch"]
    assert [a.code for a in score(ALL["suicide_risk"], best("suicide_risk"), level="imminent").alerts] == ["danger"]


# --- violence: by rules ---


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, "low"),
        ({"frequency": 1}, "medium"),
        ({"isolation": 1, "money": 1, "stalking": 1}, "medium"),
        ({"isolation": 1, "money": 1}, "low"),
        ({"severity": 1}, "medium"),
        ({"severity": 2}, "high"),
        ({"choking": 1}, "high"),
        ({"kill": 1}, "high"),
        ({"weapon": 1}, "high"),
        ({"children_hurt": 1}, "high"),
        ({"pregnancy": 1}, "low"),
        ({"pregnancy": 1, "frequency": 1}, "high"),
        ({"limited": 1, "frequency": 1}, "high"),
        ({"limited": 1}, "low"),
        ({"frequency": 1, "rising": 1, "isolation": 1, "money": 1, "alcohol": 1, "separation": 1}, "high"),
        ({"kill": 1, "weapon": 1}, "extreme"),
        ({"choking": 1, "separation": 1}, "extreme"),
        ({"severity": 3}, "extreme"),
        ({"now": 1}, "extreme"),
    ],
)
def test_danger_of_violence_follows_rules(changed: Any, expected: str) -> None:
    assert level("domestic_violence", asked_alone=1, **changed) == expected


def test_violence_against_who_cannot_speak_up_must_be_reported() -> None:
    found = score(ALL["domestic_violence"], best("domestic_violence", asked_alone=0, limited=1, frequency=1, children_hurt=1))
    assert {alert.code for alert in found.alerts} == {"danger", "must_report", "children", "not_alone"}


# --- guardianship: sums and red flags ---


@pytest.mark.parametrize(
    ("total", "expected"), [(0, "none"), (6, "none"), (7, "low"), (17, "low"), (18, "medium"), (32, "medium"), (33, "high")]
)
def test_guardianship_by_total(total: int, expected: str) -> None:
    answers, left = best("child_guardianship"), total
    for _round in range(2):  # never a 3, which has a rule of its own
        for group in ALL["child_guardianship"].counting:
            for item in group.items:
                add = min(left, 1)
                answers[item.code] += add
                left -= add
    found = score(ALL["child_guardianship"], answers)
    assert (found.total, found.computed_level) == (total, expected)


@pytest.mark.parametrize("flag", [f"f{n}" for n in range(1, 8)])
def test_one_red_flag_is_high_risk_and_adds_no_points(flag: str) -> None:
    found = score(ALL["child_guardianship"], best("child_guardianship", **{flag: 1}))
    assert (found.total, found.computed_level, found.reasons) == (0, "high", ("red_flag",))
    assert "child_danger" in {alert.protocol for alert in found.alerts}
    assert ("suicide" in {alert.protocol for alert in found.alerts}) == (flag == "f6")
    assert "mandatory_screen" in {task.kind for alert in found.alerts for task in alert.tasks}


def test_one_grave_item_is_medium_and_three_are_high() -> None:
    assert level("child_guardianship", c1=3) == "medium"
    assert level("child_guardianship", u5=3) == "none", "support alone raises nothing"
    assert level("child_guardianship", c1=3, s3=3, k2=3) == "high"


# --- what holds for all of them ---


def complete(code: str) -> Any:
    one = ALL[code]
    answers = st.fixed_dictionaries({item.code: st.sampled_from(sorted(item.scores)) for item in one.items})
    kinds = {c.code: st.booleans() if c.kind == "flag" else st.integers(0, 5) for c in one.conditions}
    return st.tuples(answers, st.fixed_dictionaries(kinds))


@pytest.mark.parametrize("code", CODES)
def test_a_worse_answer_never_makes_a_better_result(code: str) -> None:
    one = ALL[code]

    @given(complete(code), st.data())
    def check(given_: Any, data: Any) -> None:
        answers, conditions = given_
        item = data.draw(st.sampled_from(one.items))
        worse = data.draw(st.sampled_from(sorted(item.scores)))
        ahead = item.points(worse) - item.points(answers[item.code])
        before, after = score(one, answers, conditions), score(one, answers | {item.code: worse}, conditions)
        if (ahead >= 0) == (one.better == "low"):
            assert rank(one, after.computed_level) >= rank(one, before.computed_level)
        counts = any(item in group.items for group in one.counting)
        assert after.total - before.total == (ahead if counts else 0)

    check()


def rank(one: reference.Instrument, code: str | None) -> int:
    found = one.level(code)
    assert found is not None
    return found.rank


@pytest.mark.parametrize("code", CODES)
def test_no_answers_at_all_make_it_stumble(code: str) -> None:
    """Any part of the answers has a result; a level stands only when all are there, and every level's alerts are known."""
    one = ALL[code]

    @given(complete(code), st.sets(st.sampled_from([item.code for item in one.items])))
    def check(given_: Any, left_out: Any) -> None:
        answers, conditions = given_
        found = score(one, {key: value for key, value in answers.items() if key not in left_out}, conditions)
        assert (found.computed_level is None) == bool(left_out) == bool(found.missing)
        assert 0 <= found.total <= one.maximum
        assert set(found.alerts) <= set(one.alerts) and set(found.reasons) <= {rule.code for rule in one.overrides}

    check()


@pytest.mark.parametrize("code", CODES)
def test_levels_are_in_one_order_and_each_has_a_day_to_look_again(code: str) -> None:
    one = ALL[code]
    assert sorted(level.rank for level in one.levels) == list(range(len(one.levels)))
    day = date(2026, 1, 31)
    again = [one.review_on(found.code, day) for found in sorted(one.levels, key=lambda found: found.rank)]
    assert None not in again
    assert again == sorted(again, reverse=True), "the worse, the sooner"
    named = [code for span in one.facts["review"] for code in span["levels"]]
    assert sorted(named) == sorted(found.code for found in one.levels)


def texts(node: Any, language: str) -> Iterator[str]:
    """Every text of a language anywhere in a file's data."""
    if isinstance(node, dict):
        for key, value in node.items():
            if isinstance(value, str) and (key == language or key.endswith(f"_{language}")):
                yield value
            yield from texts(value, language)
    elif isinstance(node, list):
        for value in node:
            yield from texts(value, language)


FILES = sorted((DATA / "instruments").glob("*.json")) + sorted((DATA / "protocols").glob("*.json"))
# no result decides about aid (domain.md 1.4): these words have no place in a questionnaire of ours
DECIDES = re.compile(r"符合条件|不符合|资格|应予救助|eligib|entitle|qualif(?:y|ies) for", re.IGNORECASE)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_says_everything_in_both_languages_and_decides_nothing(path: Any) -> None:
    data = json.loads(path.read_text(encoding="utf-8"))
    zh, en = list(texts(data, "zh")), list(texts(data, "en"))
    assert len(zh) == len(en) and all(zh) and all(en)
    assert not [text for text in en if re.search("[\u4e00-\u9fff]", text)]
    assert [text for text in zh if re.search("[\u4e00-\u9fff]", text)]
    assert not [text for text in [*zh, *en] if DECIDES.search(text)]


@pytest.mark.parametrize("code", CODES)
def test_source_licence_and_what_it_is_not_stand_with_each(code: str) -> None:
    one = ALL[code]
    for tag, words in (("zh", "不是诊断"), ("en", "not a diagnosis")):
        assert words in one.fact("disclaimer", tag)
        assert one.fact("source", tag) and one.fact("licence", tag)
    assert one.facts["check"] or not one.by_rules
    assert all(found.tone in ("ok", "info", "plain", "careful", "stop") for found in one.levels)


def test_what_is_asked_for_a_crisis_is_offered_everywhere_and_what_must_be_kept_is() -> None:
    assert {one.code for one in ALL.values() if one.everywhere} == {"phq9", "suicide_risk"}
    assert {one.code for one in ALL.values() if one.klass == "P3"} == {"suicide_risk", "domestic_violence"}
    assert "suspected abuser" in ALL["domestic_violence"].fact("notice", "en")


def test_the_older_standard_is_refused_with_a_sentence() -> None:
    for code, version in (("mzt039", None), ("MZ/T 039-2013", None), ("gbt42195", "2013")):
        found = superseded(code, version)
        assert found is not None and "GB/T 42195-2022" in found.label("en") and "重新评估" in found.label("zh")
    assert superseded("gbt42195", "2022") is None and superseded("gds15") is None


def test_what_an_agency_lays_into_the_local_folder_is_read(tmp_path: Any, monkeypatch: Any) -> None:
    """Words for a structure that ships bare, and a questionnaire of its own for one domain; nothing of ours changes by it."""
    word = {"zh": "题", "en": "item"}
    common = {
        "version": "1", "better": "low", "valid_from": "2026-01-01", "source": "an author", "licence_zh": "许可", "licence_en": "licence",
        "disclaimer_zh": "不是诊断", "disclaimer_en": "not a diagnosis", "zh": "量表", "en": "scale",
    }  # fmt: skip
    options = [{"score": score} for score in (0, 1)]
    bare = {**common, "code": "bare", "structure_only": True, "items": [{"code": "1", "options": options}]}
    own = {
        **common,
        "code": "own",
        "domains": ["elderly"],
        "items": [{"code": "1", **word, "options": [o | word for o in options]}],
    }
    given_ = {"texts_for": "bare", "version": "1", "licence_zh": "已许可", "licence_en": "licensed", "items": {"1": word}}
    laid = {"bare": bare, "local/own": own, "local/words": given_ | {"options": {"0": word, "1": word}}}
    for name, data in laid.items():
        path = tmp_path / "instruments" / f"{name}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(data), encoding="utf-8")
    monkeypatch.setattr(files, "DATA", tmp_path)
    found = {code: one for (code, _version), one in instrument_files._instruments.__wrapped__().items()}
    assert found["own"].domains == ("elderly",) and not found["bare"].structure_only
    assert (found["bare"].items[0].label("en"), found["bare"].fact("licence", "en")) == ("item", "licensed")


def test_ages_and_spans_between_two_are_told() -> None:
    guardianship, ability = ALL["child_guardianship"], ALL["gbt42195"]
    assert [guardianship.refuses_age(age) for age in (None, 0, 17, 18)] == [False, False, False, True]
    assert [ability.misses_age(age) for age in (None, 59, 60)] == [False, True, False]
    assert not ability.refuses_age(59)
    day = date(2026, 11, 23)
    assert (ability.too_soon(None, day), ability.too_soon(date(2026, 11, 13), day)) == (0, 20)
    assert ability.too_soon(date(2026, 10, 1), day) == 0
    assert not ability.too_late(date(2025, 11, 23), day) and ability.too_late(date(2025, 11, 22), day)
    assert ability.assessors_fall_short([{"medical": True}]) and not ability.assessors_fall_short([{"medical": True}, {}])
