"""Whatever is known of somebody: properties of the next visit and of the next step that no combination may break."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseapp import reference
from caseapp.core.dates import add_months, month_end
from caseapp.queries.casework.due import AGAIN, PAUSED, Facts, next_due, rules_in_force
from caseapp.services.casework.cases.next_step import Stand, next_step

RULES = rules_in_force()
DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))
TAGS = sorted({value for rule in RULES if rule.applies_to == "tag" for value in rule.values})
LEVELS = sorted({value for rule in RULES if rule.applies_to == "level" for value in rule.values})
FADES = {value for rule in RULES if rule.facts.get("then_months") for value in rule.values}
WAITS = {**{code: int(reference.default("visit.not_met_again_days")) for code in ("not_met", "other")}, **AGAIN, **PAUSED}
SETTINGS = {name: default.value for name, default in reference.defaults().items()}


@st.composite
def known(draw, outcomes=("done",), tags=tuple(code for code in TAGS if code not in FADES)):
    """Somebody on file with any groups, levels, risk and plan, met or not."""
    since = draw(DAYS)
    met = draw(st.none() | st.integers(0, 3000).map(lambda days: since + timedelta(days=days)))
    outcome = draw(st.sampled_from(outcomes)) if met is not None or outcomes != ("done",) else None
    last = (met or since) + timedelta(days=draw(st.integers(1, 400))) if outcome not in (None, "done") else met
    began = st.none() | st.integers(-900, 900).map(lambda days: since + timedelta(days=days))
    return Facts(
        since=since,
        tags=draw(st.dictionaries(st.sampled_from(tags), began, max_size=4)),
        levels=draw(st.lists(st.sampled_from(LEVELS), max_size=2, unique=True)),
        risk=draw(st.none() | st.sampled_from(("red", "orange", "blue", "green"))),
        plan_days=draw(st.none() | st.integers(1, 366)),
        met_on=met,
        last_on=last,
        last_outcome=outcome,
    )


def on(facts):
    return next_due(facts, RULES).on


# ---- visits


@given(DAYS)
def test_once_a_month_means_once_in_every_calendar_month(met):
    due = on(Facts(date(2019, 1, 1), tags={"EL03": None}, met_on=met, last_on=met, last_outcome="done"))
    assert (due.year * 12 + due.month) - (met.year * 12 + met.month) == 1
    assert due.day == min(met.day, month_end(due).day)


@given(DAYS)
def test_who_was_never_met_is_met_in_the_month_of_coming_on_file(since):
    assert on(Facts(since, tags={"EL03": since})) == month_end(since)


@given(known(), st.sampled_from([code for code in TAGS if code not in FADES]), st.none() | DAYS)
def test_one_more_group_never_makes_a_visit_later(facts, tag, began):
    if tag in facts.tags:
        return
    before, after = on(facts), on(replace(facts, tags={**facts.tags, tag: began}))
    assert after is not None and (before is None or after <= before)


@given(known(), st.integers(1, 366))
def test_a_plan_only_ever_brings_a_visit_forward(facts, days):
    before = on(replace(facts, plan_days=None))
    after = on(replace(facts, plan_days=days))
    assert after <= (facts.met_on or facts.since) + timedelta(days=days)
    assert before is None or after <= before


@given(known())
def test_a_higher_risk_never_makes_a_visit_later(facts):
    days = [on(replace(facts, risk=risk)) for risk in ("red", "orange", "blue", "green")]
    assert days == sorted(days)


@given(known(outcomes=("done", *WAITS)))
def test_the_rules_of_the_strictest_are_never_in_front_of_the_last_meeting(facts):
    due = on(facts)
    assert due is None or due > (facts.met_on or facts.since) - timedelta(days=1)


@given(known(outcomes=tuple(WAITS)))
def test_not_met_is_tried_again_within_its_days_or_sooner_by_the_rule(facts):
    found = next_due(facts, RULES)
    assert facts.last_on < found.on <= facts.last_on + timedelta(days=WAITS[facts.last_outcome])
    if facts.last_outcome in PAUSED:
        assert found.on == facts.last_on + timedelta(days=PAUSED[facts.last_outcome])


@given(known(outcomes=("done", "deceased", *WAITS)), st.none() | DAYS, st.booleans(), DAYS)
def test_nothing_is_due_of_the_dead_of_who_left_and_of_who_took_consent_back(facts, planned, reason, day):
    chosen = replace(facts, planned_on=planned, planned_reason=reason)
    assert on(replace(chosen, off_file=True)) is None
    assert on(replace(chosen, withdrawn_on=day)) is None
    died = replace(chosen, last_on=(facts.last_on or facts.since) + timedelta(days=1), last_outcome="deceased")
    assert on(died) is None


@given(known(), DAYS)
def test_a_chosen_day_is_kept_when_earlier_and_only_with_a_reason_when_later(facts, planned):
    rule = on(facts)
    without, reasoned = (on(replace(facts, planned_on=planned, planned_reason=reason)) for reason in (False, True))
    assert reasoned == planned
    assert without == (planned if rule is None or planned <= rule else rule)


@given(DAYS, st.none() | st.integers(0, 400))
def test_after_closing_only_the_days_of_the_follow_up_are_left(closed, later):
    met = closed + timedelta(days=later) if later is not None else None
    facts = Facts(date(2019, 1, 1), tags={"EL03": None}, risk="red", plan_days=3, closed_on=closed, met_on=met, last_on=met)
    due = on(replace(facts, last_outcome="done" if met else None))
    days = [add_months(closed, months) for months in SETTINGS["case.follow_up_months"]]
    assert due == next((day for day in days if day > (met or closed)), None)


@given(DAYS, st.integers(0, 300))
def test_the_care_of_who_came_back_fades_out(since, later):
    """After one week, then after one, three and six months, then no more (domain.md 4.9)."""
    met = since + timedelta(days=later)
    facts = Facts(since, tags={"VB02": since}, met_on=met, last_on=met, last_outcome="done")
    series = [since + timedelta(days=7), *(add_months(since, count) for count in (1, 3, 6))]
    assert on(facts) == next((day for day in series if day > met), None)


# ---- steps


@given(
    st.sampled_from(("intake", "assessing", "planning", "serving", "evaluating", "closing", "closed", "follow_up")),
    DAYS,
    st.sampled_from(("ordinary", "soon", "crisis")),
    st.none() | DAYS,
    st.none() | DAYS,
)
def test_every_stage_that_runs_asks_for_something_by_a_day_of_its_own(status, since, urgency, visit_on, reassess_on):
    stand = Stand(status, since, since, urgency, visit_on=visit_on, reassess_on=reassess_on, closed_on=since)
    step, day = next_step(stand, SETTINGS)
    assert day is not None and reference.codes("next_step").valid(step)
    if status == "serving":
        assert day <= add_months(since, SETTINGS["case.plan_review_months"])
        assert day == min(d for d in (visit_on, reassess_on, add_months(since, SETTINGS["case.plan_review_months"])) if d)
    elif status not in ("closed", "follow_up") or visit_on is None:
        assert day >= since


@pytest.mark.parametrize("status", ["declined", "archived", "referred_out"])
def test_what_has_ended_asks_for_nothing(status):
    assert next_step(Stand(status, date(2026, 1, 1), date(2026, 1, 1)), SETTINGS) == (None, None)


@given(DAYS)
def test_a_crisis_wants_a_contact_the_same_day_and_an_ordinary_request_later(found_on):
    crisis = next_step(Stand("intake", found_on, found_on, "crisis"), SETTINGS)
    ordinary = next_step(Stand("intake", found_on, found_on), SETTINGS)
    assert crisis == ("first_contact", found_on) and ordinary[0] == "first_contact" and ordinary[1] > found_on
    seen = next_step(Stand("intake", found_on, found_on, met_on=found_on), SETTINGS)
    assert seen[0] == "intake" and seen[1] >= ordinary[1]
