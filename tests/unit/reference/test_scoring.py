"""Scoring: the ability instrument at every edge, its overrides, and the shapes that later instruments need."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseapp.reference.files import BrokenReference
from caseapp.reference.instrument_files import build, instrument
from caseapp.reference.instrument_texts import with_texts
from caseapp.reference.scoring import UnknownCondition, UnknownItem, UnknownScore, score

ABILITY = instrument("gbt42195")
FULL = {item.code: item.maximum for item in ABILITY.items}


def answers_for(total):
    """Complete answers that come to a total."""
    left, found = total, {}
    for item in ABILITY.items:
        found[item.code] = min(item.maximum, left)
        left -= found[item.code]
    return found


def level(total, **conditions):
    return score(ABILITY, answers_for(total), conditions).computed_level


def test_the_maxima():
    assert [group.maximum for group in ABILITY.groups] == [32, 15, 28, 15]
    assert (len(ABILITY.items), ABILITY.maximum) == (26, 90)


@pytest.mark.parametrize(
    ("total", "expected"), [(90, "0"), (89, "1"), (66, "1"), (65, "2"), (46, "2"), (45, "3"), (30, "3"), (29, "4"), (0, "4")]
)
def test_the_cut_offs(total, expected):
    assert level(total) == expected


def test_coma_is_level_four_at_once():
    found = score(ABILITY, FULL, {"coma": True})
    assert (found.base_level, found.computed_level, found.reasons) == ("0", "4", ("coma",))


def test_conditions_raise_once_and_never_beyond_the_last():
    assert level(70, dementia=True) == "2"
    assert level(70, dementia=True, mental_disorder=True, fall=1, lost=1) == "2"
    assert level(70, fall=1) == "1"
    assert level(70, fall=2) == "2"
    assert level(10, dementia=True) == "4"


def test_no_level_while_an_item_is_missing():
    part = {code: value for code, value in FULL.items() if code != "C4"}
    found = score(ABILITY, part, {"coma": True})
    assert (found.missing, found.computed_level, found.groups["A"], found.reasons) == (("C4",), None, 32, ())


def test_alerts_ring_without_a_level():
    found = score(ABILITY, {"C8": 0, "C9": 2}, {"self_harm": 1})
    assert [alert.code for alert in found.alerts] == ["self_harm", "low_mood"]


@pytest.mark.parametrize(
    ("answers", "conditions", "error", "item"),
    [
        ({"Z9": 1}, {}, UnknownItem, "Z9"),
        ({"A1": 5}, {}, UnknownScore, "A1"),
        ({"A1": True}, {}, UnknownScore, "A1"),
        ({"A1": "4"}, {}, UnknownScore, "A1"),
        ({}, {"moon": True}, UnknownCondition, "moon"),
        ({}, {"coma": 2}, UnknownCondition, "coma"),
        ({}, {"fall": -1}, UnknownCondition, "fall"),
    ],
)
def test_what_does_not_belong_is_refused_by_name(answers, conditions, error, item):
    with pytest.raises(error) as bad:
        score(ABILITY, answers, conditions)
    assert bad.value.item == item


@given(
    st.fixed_dictionaries({item.code: st.sampled_from(sorted(item.scores)) for item in ABILITY.items}),
    st.sampled_from([item.code for item in ABILITY.items]),
    st.fixed_dictionaries({"coma": st.booleans(), "dementia": st.booleans(), "fall": st.integers(0, 3)}),
)
def test_more_points_never_make_it_worse_and_more_conditions_never_better(answers, raised, conditions):
    before = score(ABILITY, answers, conditions)
    item = ABILITY.item(raised)
    after = score(ABILITY, {**answers, raised: item.maximum}, conditions)
    assert ABILITY.level(after.computed_level).rank <= ABILITY.level(before.computed_level).rank
    assert ABILITY.level(before.computed_level).rank >= ABILITY.level(before.base_level).rank


def option(points):
    return {"score": points, "zh": "", "en": ""}


def a_screening(**more):
    """The skeleton of a later instrument: reversed items, a sub-scale, lower is better, no texts."""
    return {
        "code": "later", "version": "1", "zh": "量表", "en": "scale", "better": "low", "valid_from": "2026-01-01",
        "source": "test", "licence_zh": "试", "licence_en": "test", "disclaimer_zh": "试", "disclaimer_en": "test",
        "structure_only": True,
        "groups": [{"code": "all", "zh": "全部", "en": "all", "items": [
            {"code": "1", "reverse": True, "options": [option(1), option(0)]},
            {"code": "2", "options": [option(1), option(0)]},
            {"code": "3", "options": [option(1), option(0)]}]}],
        "subscales": [{"code": "mood", "zh": "情绪", "en": "mood", "items": ["1", "3"]}],
        "levels": [{"code": "low", "zh": "无", "en": "none", "from": 0, "to": 1, "rank": 0},
                   {"code": "high", "zh": "有", "en": "some", "from": 2, "to": 3, "rank": 1}],
        "overrides": [{"code": "red_flag", "zh": "红线", "en": "red flag", "items": ["3"], "at_least": 1, "set": "high"}],
        **more,
    }  # fmt: skip


def test_reversed_items_subscales_and_red_flags():
    made = build(a_screening(), "test")
    found = score(made, {"1": 0, "2": 0, "3": 0})
    assert (found.total, found.subscales["mood"], found.computed_level) == (1, 1, "low")
    assert score(made, {"1": 1, "2": 0, "3": 1}).computed_level == "high"


def test_a_file_that_contradicts_itself_is_refused():
    gap = a_screening()
    gap["levels"][1]["from"] = 3
    with pytest.raises(BrokenReference, match="gap or overlap"):
        build(gap, "test")
    with pytest.raises(BrokenReference, match="unknown item"):
        build(a_screening(overrides=[{"code": "x", "zh": "x", "en": "x", "items": ["9"]}]), "test")


def test_one_of_two_words_is_keyed() -> None:
    words = {"yes_no": [{"score": 1, "zh": "是", "en": "yes"}, {"score": 0, "zh": "否", "en": "no"}]}
    items = [{"code": str(n), "zh": "问", "en": "asked", "options": "yes_no", "key": key} for n, key in enumerate(("yes", "no"))]
    plain = a_screening(scales=words, items=items, structure_only=False, subscales=[], overrides=[], levels=[])
    del plain["groups"]
    made = build(plain, "test")
    assert not made.has_groups
    assert [score(made, {"0": a, "1": b}).total for a, b in ((1, 1), (1, 0), (0, 1), (0, 0))] == [1, 2, 0, 1]
    with pytest.raises(BrokenReference, match="no scale"):
        build({**plain, "scales": {}}, "test")
    items[0]["options"] = [{"score": n, "zh": "数", "en": "number"} for n in (0, 1, 2)]
    with pytest.raises(BrokenReference, match="a key needs"):
        build(plain, "test")


def by_rules(**more):
    """Levels that rules alone decide."""
    levels = [
        {"code": "low", "zh": "低", "en": "low", "rank": 0},
        {"code": "high", "zh": "高", "en": "high", "rank": 1},
    ]
    rule = {
        "code": "both",
        "zh": "两样",
        "en": "both",
        "set": "high",
        "when": [{"items": ["2"]}, {"items": ["1", "3"], "count": 2}],
    }
    return a_screening(level_by="rules", levels=levels, overrides=[rule], **more)


def test_combinations_set_a_level_without_a_sum() -> None:
    made = build(by_rules(), "test")
    assert score(made, {"1": 0, "2": 1, "3": 1}).computed_level == "high", "the reversed item counts as it is keyed"
    assert score(made, {"1": 1, "2": 1, "3": 1}).computed_level == "low"
    assert score(made, {"1": 0, "2": 1, "3": 0}).computed_level == "low"


def test_rules_that_cannot_be_meant_are_refused() -> None:
    with pytest.raises(BrokenReference, match="more points are worse"):
        build(by_rules() | {"better": "high"}, "test")
    with pytest.raises(BrokenReference, match="no rule sets"):
        build(by_rules() | {"overrides": []}, "test")
    with pytest.raises(BrokenReference, match="needs one item"):
        build(by_rules(alerts=[{"code": "x", "zh": "x", "en": "x", "item": "1", "rule": "both"}]), "test")
    with pytest.raises(BrokenReference, match="disclaimer"):
        build(by_rules() | {"disclaimer_en": ""}, "test")


def licensed(**more):
    """The file of an agency that holds a licence for the words."""
    word = {"zh": "题", "en": "item"}
    return {
        "texts_for": "later", "version": "1", "licence_zh": "已获许可", "licence_en": "licensed", "items": dict.fromkeys("123", word),
        "options": {"0": {"zh": "否", "en": "no"}, "1": {"zh": "是", "en": "yes"}}, **more,
    }  # fmt: skip


def test_an_agency_lays_its_licensed_texts_beside_the_structure() -> None:
    bare = build(a_screening(), "test")
    assert bare.structure_only and bare.items[0].label("en") == ""
    made = build(with_texts(a_screening(), {"local/x.json": licensed()}), "test")
    assert (made.structure_only, made.items[0].label("en"), made.items[0].option(1).label("zh")) == (False, "item", "是")
    assert (made.fact("licence", "en"), made.items[0].reverse) == ("licensed", True)
    assert with_texts(a_screening(), {"local/x.json": licensed(version="2")}) == a_screening(), "meant for another version"


@pytest.mark.parametrize(
    ("given_", "structure", "why"),
    [
        ({"licence_en": ""}, {}, "licence"),
        ({"items": {"1": {"zh": "题", "en": "item"}}}, {}, "other items"),
        ({}, {"structure_only": False}, "its own words"),
    ],
)
def test_texts_that_do_not_fit_are_refused(given_, structure, why) -> None:
    with pytest.raises(BrokenReference, match=why):
        with_texts(a_screening(**structure), {"local/x.json": licensed(**given_)})
