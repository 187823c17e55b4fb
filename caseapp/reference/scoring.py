"""Scoring of instruments: pure functions from answers to sums, level and reasons. A result is a screening, never a decision."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from caseapp.reference.instrument_rules import Alert, Clause, Override
from caseapp.reference.instruments import Instrument, Item, Level


class BadAnswers(ValueError):
    """Answers that do not belong to the instrument; `item` is the code at fault, `reason` a stable code."""

    reason = "bad_answers"

    def __init__(self, item: str) -> None:
        super().__init__(f"{self.reason}: {item}")
        self.item = item


class UnknownItem(BadAnswers):
    """An item that the instrument does not have."""

    reason = "unknown_item"


class UnknownScore(BadAnswers):
    """A score that the item does not offer."""

    reason = "unknown_score"


class UnknownCondition(BadAnswers):
    """A condition that the instrument does not ask for, or a value that is none."""

    reason = "unknown_condition"


@dataclass(frozen=True)
class Result:
    """What the answers come to. The level is given only when no item is missing, and is to be confirmed by a person.

    `base_level` is the level by the total alone (the best one where rules decide), `computed_level` the one after `reasons`
    (codes of the overrides that hold). `alerts` ring as soon as their item, rule or level is reached, missing items or not.
    """

    total: int
    groups: Mapping[str, int]
    subscales: Mapping[str, int] = field(default_factory=dict)
    base_level: str | None = None
    computed_level: str | None = None
    reasons: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    alerts: tuple[Alert, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Whether every item has an answer."""
        return not self.missing


def score(
    instrument: Instrument,
    answers: Mapping[str, int],
    conditions: Mapping[str, bool | int | None] | None = None,
    *,
    level: str | None = None,
) -> Result:
    """Sums, level, reasons and alerts of the answers (item code → score given).

    `conditions`: flags as true or false, counts as whole numbers; what is absent, None, false or 0 does not hold.
    `level`: the one a person stands for, which decides about alerts bound to levels in place of the computed one.
    """
    counted = _conditions(instrument, conditions or {})
    _refuse_strangers(instrument, answers)
    points = {item.code: item.points(answers[item.code]) for item in instrument.items if item.code in answers}
    groups = {group.code: _sum(group.items, points) for group in instrument.counting}
    missing = tuple(item.code for item in instrument.items if item.code not in answers)
    total = sum(groups.values())
    held = tuple(rule for rule in instrument.overrides if _holds(rule, points, counted))
    base = _base(instrument, total, missing)
    computed = _after(instrument, base, held).code if base else None
    reached = level or computed or _reached_already(instrument, held)
    return Result(
        total=total,
        groups=groups,
        subscales={scale.code: _sum(scale.items, points) for scale in instrument.subscales},
        base_level=base.code if base else None,
        computed_level=computed,
        reasons=tuple(rule.code for rule in held) if base else (),
        missing=missing,
        alerts=tuple(alert for alert in instrument.alerts if _rings(alert, instrument, answers, counted, held, reached)),
    )


def _conditions(instrument: Instrument, given: Mapping[str, bool | int | None]) -> dict[str, int]:
    kinds = {condition.code: condition.kind for condition in instrument.conditions}
    counted: dict[str, int] = {}
    for code, stated in given.items():
        value = stated or 0
        is_flag = isinstance(value, bool) or value in (0, 1)
        if code not in kinds or not isinstance(value, int) or value < 0 or (kinds[code] == "flag" and not is_flag):
            raise UnknownCondition(code)
        counted[code] = int(value)
    return counted


def _refuse_strangers(instrument: Instrument, answers: Mapping[str, int]) -> None:
    known = {item.code: item for item in instrument.items}
    for code, given in answers.items():
        if code not in known:
            raise UnknownItem(code)
        if isinstance(given, bool) or not isinstance(given, int) or given not in known[code].scores:
            raise UnknownScore(code)


def _sum(items: tuple[Item, ...], points: Mapping[str, int]) -> int:
    return sum(points.get(item.code, 0) for item in items)


def _base(instrument: Instrument, total: int, missing: tuple[str, ...]) -> Level | None:
    """The level before any rule: by the total, or the best where rules alone decide; none while an item is missing."""
    if missing or not instrument.levels:
        return None
    if instrument.by_rules:
        return min(instrument.levels, key=lambda level: level.rank)
    return next((one for one in instrument.levels if (one.low or 0) <= total <= (one.high or 0)), None)


def _holds(rule: Override, points: Mapping[str, int], conditions: Mapping[str, int]) -> bool:
    if any(conditions.get(code) for code in rule.any_of):
        return True
    if rule.sum_of and sum(conditions.get(code, 0) for code in rule.sum_of) >= rule.at_least:
        return True
    if any(points.get(code, 0) >= rule.at_least for code in rule.items):
        return True
    return bool(rule.when) and all(_met(clause, points) for clause in rule.when)


def _met(clause: Clause, points: Mapping[str, int]) -> bool:
    return sum(points.get(code, 0) >= clause.at_least for code in clause.items) >= clause.count


def _after(instrument: Instrument, base: Level, held: tuple[Override, ...]) -> Level:
    """The level after the overrides: raising rules count once together; of this and every level set, the worst."""
    worst = max(level.rank for level in instrument.levels)
    ranks = [min(base.rank + max((rule.raise_by for rule in held), default=0), worst)]
    ranks += [_rank(instrument, rule.set_to) for rule in held if rule.set_to is not None]
    return next(level for level in instrument.levels if level.rank == max(ranks))


def _reached_already(instrument: Instrument, held: tuple[Override, ...]) -> str | None:
    """The worst level that the rules have set while items are still missing: a danger must not wait for the last answer."""
    codes = [rule.set_to for rule in held if rule.set_to is not None]
    return max(codes, key=lambda code: _rank(instrument, code), default=None) if instrument.by_rules else None


def _rank(instrument: Instrument, code: str) -> int:
    return next(level.rank for level in instrument.levels if level.code == code)


def _rings(
    alert: Alert,
    instrument: Instrument,
    answers: Mapping[str, int],
    conditions: Mapping[str, int],
    held: tuple[Override, ...],
    reached: str | None,
) -> bool:
    if alert.rule is not None:
        return any(rule.code == alert.rule for rule in held)
    if alert.level is not None:
        if reached is None or alert.exact:
            return reached == alert.level
        return _rank(instrument, reached) >= _rank(instrument, alert.level)
    value = answers.get(alert.item) if alert.item else conditions.get(alert.condition or "", 0)
    if value is None:
        return False
    return (alert.at_least is None or value >= alert.at_least) and (alert.at_most is None or value <= alert.at_most)
