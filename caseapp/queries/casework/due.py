"""When the next visit is due and why: the strictest rule that applies, as a pure function, and its one sentence.

What belongs to a restricted (P3) case stays on that case: the due date of the person is worked out without it, so that
it is the same whoever causes the reckoning and betrays nothing to those who do not see the case.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from flask_babel import format_date, get_locale

from caseapp import reference
from caseapp.core import clock
from caseapp.core.text import _, ngettext

MET = "done"
# After a visit without meeting the person: how many days until the next try. In hospital or away nobody is visited
# more often than that, whatever the rule.
AGAIN = {"family_only": 7, "refused": 7, "moved": 7}
PAUSED = {"in_hospital": 14, "away": 30}
ENDED = "deceased"
WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Facts:
    """What is known of a person (or a case) when the next visit is reckoned."""

    since: date  # on file, or case opened
    tags: Mapping[str, date | None] = field(default_factory=dict)  # code → since when
    levels: Sequence[str] = ()  # "gbt42195:3": last confirmed level of each instrument
    level_days: Mapping[str, date] = field(default_factory=dict)  # since when each of them holds
    risk: str | None = None
    plan_days: int | None = None
    last_on: date | None = None
    last_outcome: str | None = None
    met_on: date | None = None
    planned_on: date | None = None
    planned_reason: bool = False
    closed_on: date | None = None  # of a closed case: only its follow-up is left
    off_file: bool = False  # left, or died: nothing is due any more
    withdrawn_on: date | None = None  # consent taken back, and no other ground: nothing is planned


@dataclass(frozen=True)
class Due:
    """A day, the rule that set it, and what its sentence needs. No day: nothing is due."""

    on: date | None
    rule: str | None = None
    facts: dict[str, Any] = field(default_factory=dict)


def rules_in_force() -> tuple[Any, ...]:
    """The interval rules, in the order of the handbook."""
    return tuple(reference.interval_rules().values())


def next_due(facts: Facts, rules: Iterable[Any]) -> Due:
    """The next visit: the earliest day that any rule that applies demands, then what the last try and the worker say."""
    if facts.off_file:
        return Due(None)
    if facts.withdrawn_on is not None:
        return Due(None, WITHDRAWN, {"on": _iso(facts.withdrawn_on)})
    strictest = _strictest(facts, rules)
    tried = _after_try(facts, strictest)
    due = tried or strictest
    planned = facts.planned_on
    if planned is None or facts.last_outcome == ENDED:
        return due
    if due.on is None or planned < due.on or (planned > due.on and facts.planned_reason):
        return Due(planned, "planned", {**due.facts, "rule": due.rule, "rule_on": _iso(due.on)})
    return due


def _strictest(facts: Facts, rules: Iterable[Any]) -> Due:
    if facts.closed_on is not None:
        return _follow_up(facts, facts.closed_on, rules)
    best = Due(None)
    last = _iso(facts.met_on)
    if facts.plan_days:
        best = Due(
            (facts.met_on or facts.since) + timedelta(days=facts.plan_days), "plan", {"days": facts.plan_days, "last": last}
        )
    for rule in rules:
        for why, value, began in _why(rule, facts):
            on, is_first = _by(rule, facts, began)
            if on is not None and (best.on is None or on < best.on):
                said = {"from": _iso(_start(facts, began))} if is_first else {"last": last} if last else {}
                best = Due(on, rule.code, {why: value} | said)
    return best


def _by(rule: Any, facts: Facts, began: date | None) -> tuple[date | None, bool]:
    """The day, and whether it is counted from the day the rule began: as long as nobody was met since where the rule says how
    soon, and always in a fixed series of months. Else it is counted from the last meeting."""
    start = _start(facts, began)
    if rule.then_months:
        return rule.next_in_series(start, facts.met_on), True
    if rule.first_days is not None and (facts.met_on is None or facts.met_on <= start):
        return rule.first_due(start), True
    if facts.met_on is None:
        return rule.first_due(start), False
    on = rule.due_after(facts.met_on)
    return (max(on, rule.first_due(began)) if began and on < began else on), False


def _start(facts: Facts, began: date | None) -> date:
    return max(facts.since, began) if began else facts.since


def _follow_up(facts: Facts, closed: date, rules: Iterable[Any]) -> Due:
    """After closing: at the set months, the next one after the last meeting."""
    for rule in rules:
        if rule.applies_to == "status":
            on = rule.next_in_series(closed, facts.met_on)
            return Due(on, rule.code, {"closed": _iso(closed)}) if on else Due(None)
    return Due(None)


def _after_try(facts: Facts, rule: Due) -> Due | None:
    """What the last visit asks for when the person was not met at it."""
    tried, outcome = facts.last_on, facts.last_outcome
    if tried is None or outcome in (None, MET) or (facts.met_on and facts.met_on > tried):
        return None
    said = {"tried": _iso(tried), "rule": rule.rule, **rule.facts}
    if outcome == ENDED:
        return Due(None, ENDED, said)
    if outcome in PAUSED:
        return Due(tried + timedelta(days=PAUSED[outcome]), str(outcome), said | {"wait": PAUSED[outcome]})
    wait = AGAIN.get(str(outcome), int(reference.default("visit.not_met_again_days")))
    crisis = reference.interval_rules().get(rule.rule or "")
    if crisis is not None:  # who must be seen within a day is not looked for again after three
        wait = min(wait, crisis.shortest_days)
    again = tried + timedelta(days=wait)
    if rule.on is not None and tried < rule.on < again:
        return None
    return Due(again, str(outcome), said | {"wait": wait})


def _why(rule: Any, facts: Facts) -> Iterator[tuple[str, str, date | None]]:
    """Which facts make the rule apply: what kind, its code, since when."""
    if rule.applies_to == "tag":
        for tag, began in facts.tags.items():
            if tag in rule.values:
                yield "tag", tag, began
    elif rule.applies_to == "level":
        for level in facts.levels:
            if level in rule.values:
                yield "level", level, facts.level_days.get(level)
    elif rule.applies_to == "risk" and facts.risk in rule.values:
        yield "risk", str(facts.risk), None


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def sentence(row: Any) -> str:
    """Why the next visit of a person or case is when it is, in one sentence of the reader's language."""
    return words(Due(row.next_visit_on, row.next_visit_rule, row.next_visit_facts or {}))


def words(due: Due) -> str:
    """The same for a day that was only reckoned."""
    facts, rule = due.facts, due.rule
    if rule is None:
        return ""
    if rule == ENDED:
        return _("Said to have died on %(day)s: end the stay on file", day=_day(facts.get("tried")))
    if rule == WITHDRAWN:
        return _("Consent was taken back on %(day)s: nothing is planned", day=_day(facts.get("on")))
    if rule == "planned":
        return _planned(facts)
    if rule in PAUSED or "tried" in facts:
        return _tried(str(rule), facts)
    return _with_last(_rule(rule, facts), facts)


def _planned(facts: Mapping[str, Any]) -> str:
    if not facts.get("rule_on"):
        return _("Day chosen by the worker")
    return _("Day chosen by the worker; by the rule %(day)s at the latest", day=_day(facts["rule_on"]))


def _tried(outcome: str, facts: Mapping[str, Any]) -> str:
    word = reference.codes("visit_outcome").label(outcome, _tag())
    wait = int(facts.get("wait") or 0)
    return ngettext(
        "%(outcome)s on %(day)s: again within %(num)s day",
        "%(outcome)s on %(day)s: again within %(num)s days",
        wait,
        outcome=word[:1].upper() + word[1:],
        day=_day(facts.get("tried")),
    )


def _rule(code: str, facts: Mapping[str, Any]) -> str:
    """What the rule demands, without when that was last met."""
    if code == "plan":
        return ngettext("Service plan: every %(num)s day", "Service plan: every %(num)s days", int(facts.get("days") or 1))
    rule = reference.interval_rules().get(code)
    if rule is None:
        return code
    tag, level = str(facts.get("tag") or ""), str(facts.get("level") or "")
    group = reference.target_groups().get(tag)
    said = str(rule.sentence(_tag(), tag=group.label(_tag()) if group else tag, level=_level(level)))
    return said[:1].upper() + said[1:]


def _with_last(said: str, facts: Mapping[str, Any]) -> str:
    if facts.get("closed"):
        return _("%(rule)s, closed on %(day)s", rule=said, day=_day(facts["closed"]))
    if facts.get("from"):
        return _("%(rule)s, counted from %(day)s", rule=said, day=_day(facts["from"]))
    if facts.get("last"):
        return _("%(rule)s, last met on %(day)s", rule=said, day=_day(facts["last"]))
    return _("%(rule)s, not met yet", rule=said)


def _level(value: str) -> str:
    code, _colon, level = value.partition(":")
    found = next((i for i in reference.instruments() if i.code == code), None)
    word = next((one.label(_tag()) for one in getattr(found, "levels", ()) if one.code == level), None)
    return str(word or level)


def _day(text: str | None) -> str:
    if not text:
        return ""
    day = date.fromisoformat(text)
    return format_date(day, _("d MMM") if day.year == clock.today().year else _("d MMM y"))


def _tag() -> str:
    return str(get_locale() or "zh")[:2]
