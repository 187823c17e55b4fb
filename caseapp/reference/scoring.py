"""Scoring of instruments: pure functions from answers to sums, level and reasons. A result is a screening, never a decision."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from caseapp.reference.instruments import Alert, Instrument, Item, Level, Override


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

    `base_level` is the level by the total alone, `computed_level` the one after `reasons` (codes of the overrides that hold).
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
) -> Result:
    """Sums, level, reasons and alerts of the answers (item code → score given).

    `conditions`: flags as true or false, counts as whole numbers; what is absent, None, false or 0 does not hold.
    """
    counted = _conditions(instrument, conditions or {})
    _refuse_strangers(instrument, answers)
    groups = {group.code: _sum(group.items, answers) for group in instrument.groups}
    missing = tuple(item.code for item in instrument.items if item.code not in answers)
    total = sum(groups.values())
    base = None if missing else _level_of(instrument, total)
    applied = tuple(rule for rule in instrument.overrides if _holds(rule, answers, counted)) if base else ()
    return Result(
        total=total,
        groups=groups,
        subscales={scale.code: _sum(scale.items, answers) for scale in instrument.subscales},
        base_level=base.code if base else None,
        computed_level=_after(instrument, base, applied).code if base else None,
        reasons=tuple(rule.code for rule in applied),
        missing=missing,
        alerts=tuple(alert for alert in instrument.alerts if _rings(alert, answers, counted)),
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


def _sum(items: tuple[Item, ...], answers: Mapping[str, int]) -> int:
    return sum(item.points(answers[item.code]) for item in items if item.code in answers)


def _level_of(instrument: Instrument, total: int) -> Level | None:
    return next((level for level in instrument.levels if level.low <= total <= level.high), None)


def _holds(rule: Override, answers: Mapping[str, int], conditions: Mapping[str, int]) -> bool:
    if any(conditions.get(code) for code in rule.any_of):
        return True
    if rule.sum_of and sum(conditions.get(code, 0) for code in rule.sum_of) >= rule.at_least:
        return True
    return any(answers.get(code, 0) >= rule.at_least for code in rule.items)


def _after(instrument: Instrument, base: Level, applied: tuple[Override, ...]) -> Level:
    """The level after the overrides: raising rules count once together; of this and every level set, the worst."""
    worst = max(level.rank for level in instrument.levels)
    ranks = [min(base.rank + max((rule.raise_by for rule in applied), default=0), worst)]
    for rule in applied:
        if rule.set_to is not None:
            ranks += [level.rank for level in instrument.levels if level.code == rule.set_to]
    return next(level for level in instrument.levels if level.rank == max(ranks))


def _rings(alert: Alert, answers: Mapping[str, int], conditions: Mapping[str, int]) -> bool:
    value = answers.get(alert.item) if alert.item else conditions.get(alert.condition or "", 0)
    if value is None:
        return False
    return (alert.at_least is None or value >= alert.at_least) and (alert.at_most is None or value <= alert.at_most)
