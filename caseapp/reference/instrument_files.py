"""Reads instruments from their files and refuses one that contradicts itself; every version stays readable."""

from collections.abc import Iterator
from datetime import date
from functools import cache
from itertools import pairwise
from typing import Any

from caseapp.reference.files import insist, read_folder, unique, worded
from caseapp.reference.instruments import Alert, Condition, Group, Instrument, Item, Level, Option, Override


def _words(entry: dict[str, Any], where: str, *, bare: bool = False) -> tuple[str, str, str, dict[str, Any]]:
    if bare:
        return str(entry["code"]), entry.get("zh", ""), entry.get("en", ""), entry
    return (*worded(entry, where), entry)


def _option(entry: dict[str, Any], where: str, bare: bool) -> Option:
    with_code = {**entry, "code": str(entry["score"])}
    return Option(*_words(with_code, where, bare=bare), score=int(entry["score"]))


def _item(entry: dict[str, Any], where: str, bare: bool) -> Item:
    place = f"{where} item {entry.get('code')}"
    options = tuple(_option(option, place, bare) for option in entry["options"])
    unique((option.code for option in options), place)
    item = Item(
        *_words(entry, where, bare=bare),
        options=options,
        reverse=bool(entry.get("reverse")),
    )
    insist(
        "max" not in entry or entry["max"] == item.maximum,
        f"{place}: its maximum is {item.maximum}",
    )
    return item


def _group(entry: dict[str, Any], where: str, bare: bool) -> Group:
    group = Group(
        *_words(entry, where),
        items=tuple(_item(item, where, bare) for item in entry["items"]),
    )
    insist(
        "max" not in entry or entry["max"] == group.maximum,
        f"{where} group {group.code}: its maximum is {group.maximum}",
    )
    return group


def build(data: dict[str, Any], where: str) -> Instrument:
    """The instrument of one file's data; BrokenReference when it contradicts itself."""
    bare = bool(data.get("structure_only"))
    groups = tuple(_group(entry, where, bare) for entry in data["groups"])
    items = {item.code: item for group in groups for item in group.items}
    made = Instrument(
        *_words(data, where),
        version=str(data["version"]),
        domains=tuple(data.get("domains", ())),
        better=data["better"],
        valid_from=date.fromisoformat(data["valid_from"]),
        qualified_only=bool(data.get("qualified_only")),
        structure_only=bare,
        groups=groups,
        subscales=tuple(
            Group(
                *_words(entry, where),
                items=tuple(items[code] for code in entry["items"]),
            )
            for entry in data.get("subscales", ())
        ),
        levels=tuple(
            Level(
                *_words(entry, where),
                low=entry["from"],
                high=entry["to"],
                rank=entry["rank"],
            )
            for entry in data.get("levels", ())
        ),
        conditions=tuple(Condition(*_words(entry, where), kind=entry["kind"]) for entry in data.get("conditions", ())),
        overrides=tuple(
            Override(
                *_words(entry, where),
                any_of=tuple(entry.get("any", ())),
                sum_of=tuple(entry.get("sum", ())),
                items=tuple(entry.get("items", ())),
                at_least=entry.get("at_least", 1),
                set_to=entry.get("set"),
                raise_by=entry.get("raise", 0),
            )
            for entry in data.get("overrides", ())
        ),
        alerts=tuple(
            Alert(
                *_words(entry, where),
                item=entry.get("item"),
                condition=entry.get("condition"),
                at_least=entry.get("at_least"),
                at_most=entry.get("at_most"),
            )
            for entry in data.get("alerts", ())
        ),
    )
    _check(made, where)
    return made


def _check(made: Instrument, where: str) -> None:
    unique((item.code for item in made.items), where)
    unique((group.code for group in made.groups), where)
    unique((level.code for level in made.levels), where)
    insist(made.better in ("high", "low"), f"{where}: better is high or low")
    insist({"source", "licence"} <= made.facts.keys(), f"{where}: source and licence")
    conditions = {condition.code for condition in made.conditions}
    items = {item.code for item in made.items}
    ranked = sorted(made.levels, key=lambda level: level.low)
    if ranked:
        lowest = sum(min(item.points(score) for score in item.scores) for item in made.items)
        insist(
            ranked[0].low == lowest and ranked[-1].high == made.maximum,
            f"{where}: levels do not span {lowest} to {made.maximum}",
        )
        for lower, upper in pairwise(ranked):
            insist(
                upper.low == lower.high + 1,
                f"{where}: gap or overlap between levels {lower.code} and {upper.code}",
            )
        ranks = [level.rank for level in ranked]
        insist(
            sorted(ranks, reverse=made.better == "high") == ranks,
            f"{where}: ranks run against the totals",
        )
        insist(
            sorted(ranks) == list(range(len(ranks))),
            f"{where}: ranks are not 0 to {len(ranks) - 1}",
        )
    for rule in made.overrides:
        insist(
            set(rule.any_of) | set(rule.sum_of) <= conditions,
            f"{where}: override {rule.code} names an unknown condition",
        )
        insist(
            set(rule.items) <= items,
            f"{where}: override {rule.code} names an unknown item",
        )
        insist(
            rule.set_to is None or made.level(rule.set_to),
            f"{where}: override {rule.code} sets an unknown level",
        )
    for alert in made.alerts:
        insist(
            (alert.item in items) != (alert.condition in conditions),
            f"{where}: alert {alert.code} needs one item or condition",
        )


@cache
def _instruments() -> dict[tuple[str, str], Instrument]:
    found = [build(data, f"instruments/{name}.json") for name, data in read_folder("instruments").items()]
    unique((f"{one.code}-{one.version}" for one in found), "instruments")
    return {(one.code, one.version): one for one in found}


def instruments() -> Iterator[Instrument]:
    """The newest version of every instrument."""
    for code in dict.fromkeys(code for code, _version in _instruments()):
        yield instrument(code)


def instrument(code: str, version: str | None = None) -> Instrument:
    """One version, or the newest; KeyError when there is none."""
    if version is not None:
        return _instruments()[code, version]
    versions = [one for one in _instruments().values() if one.code == code]
    if not versions:
        raise KeyError(code)
    return max(versions, key=lambda one: one.valid_from)
