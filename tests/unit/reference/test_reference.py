"""The data files: complete in both languages, consistent with each other, and wide enough for the handbook."""

from datetime import date

import pytest

from caseapp import reference
from caseapp.reference import groups, naming


def test_every_file_loads_and_agrees():
    reference.check_everything()


@pytest.mark.parametrize("name", sorted(reference.code_lists()))
def test_a_list_has_words_in_both_languages_and_codes_that_fit_their_columns(name):
    listed = reference.codes(name)
    assert listed.choices("zh")
    assert len(listed.choices("zh", on=date(2026, 11, 23))) == len(listed.choices("en", on=date(2026, 11, 23)))
    most = 60 if name == "trail_event" else 20  # as wide as the columns that hold them
    assert all(len(code) <= most for code in listed.codes())
    assert not any("\u4e00" <= sign <= "\u9fff" for entry in listed for sign in entry.en if entry.code != "46")
    assert listed.title.zh
    assert listed.title.en


def test_labels_of_what_is_known_unknown_and_absent():
    sex = reference.codes("sex")
    assert (sex.label("1", "en"), sex.label("7"), sex.label(None)) == ("male", "7", "")
    assert reference.codes("ethnic").choices()[:5] == [
        ("01", "汉族"),
        ("10", "朝鲜族"),
        ("11", "满族"),
        ("02", "蒙古族"),
        ("03", "回族"),
    ]
    assert len(reference.codes("ethnic").codes()) == 58
    registration = reference.codes("registration")
    assert registration.valid("12")
    assert "12" not in dict(registration.choices())


def test_ties_seen_from_the_other_side():
    assert reference.inverse_relation("son", "1") == "father"
    assert reference.inverse_relation("mother", "2") == "daughter"
    assert reference.inverse_relation("grandson", "2") == "grandmother"
    assert reference.inverse_relation("child", None) == "parent"
    relation = reference.codes("relation")
    for entry in relation:
        for sex in ("1", "2", None):
            other = relation.get(reference.inverse_relation(entry.code, sex))
            assert other is not None
            assert sex is None or other.facts.get("sex") in (None, sex)


def test_statuses_are_those_of_the_model():
    from caseapp.models.casework.case import STATUSES

    assert set(reference.codes("case_status").codes()) == set(STATUSES)


def test_target_groups():
    assert groups.group_codes("special_elderly") == {f"EL0{number}" for number in range(2, 8)}
    restricted = {code for code, tag in reference.target_groups().items() if tag.klass == "P3"}
    assert {"MD01", "MF04", "CH10", "CM04", "EL10"} <= restricted
    assert not restricted & {code for code, _name in groups.group_choices()}
    assert reference.target_groups()["CH03"].fits_age(15)
    assert not reference.target_groups()["CH03"].fits_age(16)


def test_visit_rules():
    (rule,) = reference.rules_for("tag", "EL03")
    assert rule.due_after(date(2026, 1, 31)) == date(2026, 2, 28)
    assert rule.first_due(date(2026, 11, 23)) == date(2026, 11, 30)
    assert rule.sentence("zh", tag="独居老年人") == "独居老年人，每月至少一次"
    assert [found.code for found in reference.rules_for("level", "gbt42195:3")] == ["ability_severe_fortnightly"]
    assert reference.rules_for("risk", "orange")[0].sentence("en") == "Medium risk: every 14 days"
    assert all(found.sentence(tag) for found in reference.interval_rules().values() for tag in ("zh", "en"))


def test_the_catalogue_has_the_items_of_the_plan():
    found = reference.catalogue()
    counts = {letter: len(found.items(letter)) for letter in "ABCDE"}
    assert counts == {"A": 11, "B": 9, "C": 10, "D": 12, "E": 17}
    assert found.items("elderly") == found.items("B")
    assert found.get("C2.2").label() == "监护评估"
    assert found.get("A1.3").assist
    assert not found.valid("A9.9")
    assert reference.catalogue(on=date(2020, 1, 1)).version == found.version, "before the first one that one"


@pytest.mark.parametrize("kind", ["consent", "consent_minor", "privacy_notice", "children_rules"])
def test_texts_have_the_same_sections_in_both_languages(kind):
    zh, en = (reference.text(kind, None, tag) for tag in ("zh", "en"))
    assert [section.code for section in zh.sections] == [section.code for section in en.sections]
    assert "rights" in {section.code for section in zh.sections}
    assert zh.version == reference.text_version(kind)


def test_defaults_and_divisions():
    assert reference.default("visit.own_correction_days") == 7
    assert reference.default("client.guardian_consent_age") == 14
    rows = list(reference.divisions())
    seen = set()
    for row in rows:
        assert row.parent is None or row.parent in seen
        seen.add(row.code)
    assert sum(row.level == "county" for row in rows) == 60
    assert sum(row.counts_for_coverage for row in rows) == 972
    assert reference.historic_codes()["220381"][1] == "220184"
    assert "220724" in reference.known_prefixes()
    assert all(reference.codes("division_level").valid(row.level) for row in rows)


@pytest.mark.parametrize(
    ("listed", "spoken"),
    [
        ("新开道村委会", "新开道村"),
        ("三合村", "三合村"),
        ("富强社区居民委员会", "富强社区"),
        ("工农居委会", "工农居委会"),
        ("朱家园子村委会（合隆经济开发区）（省级）", "朱家园子村"),
    ],
)
def test_a_village_is_called_as_people_call_it(listed, spoken):
    assert naming.spoken(listed) == spoken
