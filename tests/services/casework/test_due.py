"""The next visit: the strictest rule wins, honest outcomes change it, and the sentence says why."""

from datetime import date

import pytest
from flask_babel import force_locale

from caseapp import reference
from caseapp.core import clock
from caseapp.queries.casework.due import Due, Facts, next_due, rules_in_force, words

RULES = rules_in_force()
LONG_AGO = date(2020, 1, 1)


def due(**facts) -> Due:
    """The next visit of somebody long on file."""
    return next_due(Facts(**{"since": LONG_AGO, **facts}), RULES)


@pytest.mark.parametrize(
    ("met", "on"),
    [
        (date(2026, 10, 23), date(2026, 11, 23)),
        (date(2026, 1, 31), date(2026, 2, 28)),  # no 31st: the last day, still February
        (date(2028, 1, 31), date(2028, 2, 29)),  # leap year
        (date(2026, 12, 31), date(2027, 1, 31)),  # over the year's end
        (date(2026, 3, 31), date(2026, 4, 30)),
    ],
)
def test_a_month_after_the_last_meeting_keeps_one_visit_in_every_calendar_month(met, on):
    found = due(tags={"EL03": LONG_AGO}, met_on=met, last_on=met, last_outcome="done")
    assert found.on == on
    assert (on.year * 12 + on.month) - (met.year * 12 + met.month) == 1
    assert found.facts["tag"] == "EL03"


def test_the_strictest_of_tag_level_risk_and_plan_wins():
    met = date(2026, 11, 2)
    common = {"tags": {"EL03": LONG_AGO}, "met_on": met, "last_on": met, "last_outcome": "done"}
    assert due(**common).on == date(2026, 12, 2)
    assert due(**common, risk="orange").on == date(2026, 11, 16)
    assert due(**common, levels=["gbt42195:3"]).on == date(2026, 11, 16)
    assert due(**common, levels=["gbt42195:2"]).on == date(2026, 12, 2)
    assert due(**common, risk="orange", plan_days=10).rule == "plan"
    assert due(**common, risk="red", plan_days=10).on == date(2026, 11, 9)


def test_nobody_without_any_rule_is_due():
    assert due() == Due(None)


def test_a_tag_given_today_does_not_make_somebody_overdue_for_the_past():
    today = date(2026, 11, 23)
    found = due(tags={"EL03": today}, met_on=date(2026, 6, 1), last_on=date(2026, 6, 1), last_outcome="done")
    assert found.on == date(2026, 11, 30)


def test_never_met_is_due_within_the_month_of_coming_on_file():
    assert next_due(Facts(since=date(2026, 11, 20), tags={"EL02": date(2026, 11, 20)}), RULES).on == date(2026, 11, 30)


@pytest.mark.parametrize(("outcome", "days"), [("not_met", 3), ("other", 3), ("family_only", 7), ("refused", 7)])
def test_somebody_not_met_is_tried_again_soon_and_does_not_count_as_met(outcome, days):
    tried = date(2026, 11, 23)
    found = due(tags={"EL03": LONG_AGO}, met_on=date(2026, 10, 1), last_on=tried, last_outcome=outcome)
    assert (found.on - tried).days == days
    assert found.rule == outcome


def test_a_rule_that_is_due_sooner_than_the_next_try_stays():
    found = due(tags={"EL03": LONG_AGO}, met_on=date(2026, 10, 25), last_on=date(2026, 11, 23), last_outcome="family_only")
    assert found.on == date(2026, 11, 25)


def test_in_hospital_pauses_even_a_strict_rule_and_a_later_meeting_ends_the_pause():
    common = {"risk": "red", "met_on": date(2026, 11, 1)}
    assert due(**common, last_on=date(2026, 11, 10), last_outcome="in_hospital").on == date(2026, 11, 24)
    back = due(risk="red", met_on=date(2026, 11, 20), last_on=date(2026, 11, 20), last_outcome="done")
    assert back.on == date(2026, 11, 27)


def test_the_dead_are_not_due():
    assert due(risk="red", last_on=date(2026, 11, 10), last_outcome="deceased").on is None


def test_a_chosen_day_wins_when_earlier_and_needs_a_reason_when_later():
    common = {"risk": "blue", "met_on": date(2026, 11, 1), "last_on": date(2026, 11, 1), "last_outcome": "done"}
    assert due(**common, planned_on=date(2026, 11, 10)).on == date(2026, 11, 10)
    assert due(**common, planned_on=date(2026, 12, 20)).on == date(2026, 12, 1)
    later = due(**common, planned_on=date(2026, 12, 20), planned_reason=True)
    assert (later.on, later.rule) == (date(2026, 12, 20), "planned")


def test_a_closed_case_is_followed_up_after_one_three_and_six_months():
    closed = date(2026, 8, 31)
    assert due(closed_on=closed).on == date(2026, 9, 30)
    assert due(closed_on=closed, met_on=date(2026, 9, 28), last_on=date(2026, 9, 28), last_outcome="done").on == date(2026, 9, 30)
    assert due(closed_on=closed, met_on=date(2026, 10, 2), last_on=date(2026, 10, 2), last_outcome="done").on == date(
        2026, 11, 30
    )
    assert due(closed_on=closed, met_on=date(2027, 3, 1), last_on=date(2027, 3, 1), last_outcome="done").on is None


def after_assessment(met_on, level="suicide_risk:high", day=date(2026, 11, 10), **more):
    last = {"last_on": met_on, "last_outcome": "done", "met_on": met_on} if met_on else {}
    return due(**{**last, **more}, levels=[level], level_days={level: day})


def test_a_crisis_is_seen_within_a_day_and_then_twice_a_week():
    """The first contact is counted from the day of the result, whatever was before; those after it from each other."""
    found = after_assessment(date(2026, 11, 9))
    assert (found.on, found.rule, found.facts["from"]) == (date(2026, 11, 11), "suicide_high", "2026-11-10")
    assert after_assessment(date(2026, 11, 10)).on == date(2026, 11, 11), "the visit of the same day is where it was found"
    assert after_assessment(None).on == date(2026, 11, 11)
    assert after_assessment(date(2026, 11, 11)).on == date(2026, 11, 14)
    assert after_assessment(date(2026, 11, 14)).on == date(2026, 11, 17)
    assert after_assessment(date(2026, 11, 11), "suicide_risk:imminent").on == date(2026, 11, 12)
    assert after_assessment(date(2026, 11, 9), "suicide_risk:medium").on == date(2026, 11, 16)


def test_who_is_in_danger_and_was_not_met_is_looked_for_the_next_day():
    tried = {"last_on": date(2026, 11, 11), "last_outcome": "not_met"}
    assert after_assessment(None, **tried).on == date(2026, 11, 12)


def returned(met_on=None, tag="VB02"):
    return due(tags={tag: date(2026, 8, 31)}, met_on=met_on, last_on=met_on, last_outcome="done" if met_on else None)


@pytest.mark.parametrize(
    ("met", "on"),
    [
        (None, date(2026, 9, 7)),
        (date(2026, 8, 20), date(2026, 9, 7)),  # before the return does not count
        (date(2026, 9, 3), date(2026, 9, 7)),
        (date(2026, 9, 7), date(2026, 9, 30)),
        (date(2026, 10, 2), date(2026, 11, 30)),
        (date(2026, 11, 30), date(2027, 2, 28)),
        (date(2027, 3, 1), None),  # the series is over
    ],
)
def test_a_series_of_months_after_a_return(met, on):
    for tag in ("VB02", "VB03"):
        assert returned(met, tag).on == on


def test_days_counted_from_a_beginning_say_so(app):
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert words(after_assessment(None)) == "High suicide risk: within 24 hours, then twice a week, counted from 10 Nov"
        assert words(returned()).endswith("after one week, then after 1, 3 and 6 months, counted from 31 Aug")
    with app.test_request_context(), force_locale("zh"):
        assert words(after_assessment(None)) == "自杀风险高，24 小时内联系，之后每周两次，从11月10日起算"
        assert words(returned(tag="VB03")) == "易走失人员，1 周内及第 1、3、6 个月跟进，从8月31日起算"


def test_the_sentence_speaks_the_readers_language(app):
    met = date(clock.today().year, 1, 23)
    found = due(tags={"EL03": LONG_AGO}, met_on=met, last_on=met, last_outcome="done")
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert words(found) == "Elderly person living alone: at least once a month, last met on 23 Jan"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_rule_can_be_said(app, language):
    with app.test_request_context(headers={"Accept-Language": language}):
        for rule in reference.interval_rules().values():
            for value in sorted(rule.values):
                said = words(Due(date(2026, 1, 1), rule.code, {rule.applies_to: value}))
                assert said and not set("{}%") & set(said), said
                assert value not in said, "a code is no word"


HONEST = [
    (
        Due(date(2026, 11, 26), "not_met", {"tried": "2026-11-23", "wait": 3, "rule": "risk_red"}),
        "11月23日没见到：3 天内再访",
        "Not met on 23 Nov: again within 3 days",
    ),
    (
        Due(None, "deceased", {"tried": "2026-11-23"}),
        "11月23日得知去世：请办理离册",
        "Said to have died on 23 Nov: end the stay on file",
    ),
    (
        Due(None, "withdrawn", {"on": "2026-11-20"}),
        "11月20日撤回同意：不再安排走访",
        "Consent was taken back on 20 Nov: nothing is planned",
    ),
    (
        Due(date(2026, 11, 26), "planned", {"rule_on": "2026-12-02"}),
        "社工选定；按规定最迟 12月2日",
        "Day chosen by the worker; by the rule 2 Dec at the latest",
    ),
    (
        Due(date(2026, 11, 26), "plan", {"days": 10, "last": "2026-11-16"}),
        "服务计划：每 10 天一次，上次见到 11月16日",
        "Service plan: every 10 days, last met on 16 Nov",
    ),
    (
        Due(date(2026, 12, 1), "closed_follow_up", {"closed": "2026-11-01"}),
        "结案后第 1、3、6 个月跟进，11月1日结案",
        "Follow-up 1, 3 and 6 months after closing, closed on 1 Nov",
    ),
]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(("found", "zh", "en"), HONEST)
def test_the_honest_sentence_in_both_languages(app, monkeypatch, found, zh, en, language):
    monkeypatch.setattr(clock, "today", lambda: date(2026, 11, 24))
    with app.test_request_context(headers={"Accept-Language": language}):
        assert words(found) == {"zh": zh, "en": en}[language]
