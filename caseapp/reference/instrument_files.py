"""Reads instruments from their files and refuses one that contradicts itself; every version stays readable."""

from collections.abc import Iterator
from datetime import date
from functools import cache
from itertools import pairwise
from typing import Any

from caseapp.reference.files import BrokenReference, Worded, insist, read_folder, unique, worded
from caseapp.reference.instrument_rules import Alert, Clause, Condition, Override, Wanted
from caseapp.reference.instrument_texts import with_texts
from caseapp.reference.instruments import ALONE, Group, Instrument, Item, Level, Option

SHIPPED, LOCAL = "instruments", "instruments/local"
Scales = dict[str, list[dict[str, Any]]]


def _words(entry: dict[str, Any], where: str, *, bare: bool = False) -> tuple[str, str, str, dict[str, Any]]:
    if bare:
        return str(entry["code"]), entry.get("zh", ""), entry.get("en", ""), entry
    return (*worded(entry, where), entry)


def _option(entry: dict[str, Any], where: str, bare: bool) -> Option:
    with_code = {**entry, "code": str(entry["score"])}
    return Option(*_words(with_code, where, bare=bare), score=int(entry["score"]))


def _item(entry: dict[str, Any], where: str, bare: bool, scales: Scales) -> Item:
    """`options` is a list, or the name of a scale that several items share; `key` says which answer of yes or no counts."""
    place = f"{where} item {entry.get('code')}"
    options = entry["options"]
    if isinstance(options, str):
        insist(options in scales, f"{place}: there is no scale {options}")
        options = scales[options]
    made = tuple(_option(option, place, bare) for option in options)
    unique((option.code for option in made), place)
    insist(entry.get("key") in (None, "yes", "no"), f"{place}: key is yes or no")
    insist("key" not in entry or {option.score for option in made} == {0, 1}, f"{place}: a key needs yes (1) and no (0)")
    reverse = bool(entry.get("reverse")) or entry.get("key") == "no"
    item = Item(*_words(entry, where, bare=bare), options=made, reverse=reverse)
    insist("max" not in entry or entry["max"] == item.maximum, f"{place}: its maximum is {item.maximum}")
    return item


def _group(entry: dict[str, Any], where: str, bare: bool, scales: Scales) -> Group:
    items = tuple(_item(item, where, bare, scales) for item in entry["items"])
    group = Group(*_words(entry, where), items=items, counts=bool(entry.get("counts", True)))
    insist("max" not in entry or entry["max"] == group.maximum, f"{where} group {group.code}: its maximum is {group.maximum}")
    return group


def _groups(data: dict[str, Any], where: str, bare: bool) -> tuple[Group, ...]:
    """The groups of a file, or one made of its items when it has none."""
    scales: Scales = data.get("scales", {})
    entries = data.get("groups")
    if entries is None:
        entries = [{"code": ALONE, "zh": data.get("zh", ""), "en": data.get("en", ""), "items": data["items"]}]
    return tuple(_group(entry, where, bare, scales) for entry in entries)


def _level(entry: dict[str, Any], where: str) -> Level:
    return Level(*_words(entry, where), low=entry.get("from"), high=entry.get("to"), rank=entry["rank"])


def _override(entry: dict[str, Any], where: str) -> Override:
    when = (Clause(tuple(c["items"]), c.get("at_least", 1), c.get("count", 1)) for c in entry.get("when", ()))
    return Override(
        *_words(entry, where),
        any_of=tuple(entry.get("any", ())),
        sum_of=tuple(entry.get("sum", ())),
        items=tuple(entry.get("items", ())),
        at_least=entry.get("at_least", 1),
        when=tuple(when),
        set_to=entry.get("set"),
        raise_by=entry.get("raise", 0),
    )


def _alert(entry: dict[str, Any], where: str) -> Alert:
    tasks = (Wanted(t["kind"], t.get("for", "worker"), t.get("days", 0), bool(t.get("by_rule"))) for t in entry.get("tasks", ()))
    return Alert(
        *_words(entry, where),
        item=entry.get("item"),
        condition=entry.get("condition"),
        rule=entry.get("rule"),
        level=entry.get("level"),
        exact=bool(entry.get("exact")),
        at_least=entry.get("at_least"),
        at_most=entry.get("at_most"),
        klass=entry.get("class"),
        protocol=entry.get("protocol"),
        tasks=tuple(tasks),
    )


def build(data: dict[str, Any], where: str) -> Instrument:
    """The instrument of one file's data; BrokenReference when it contradicts itself."""
    bare = bool(data.get("structure_only"))
    groups = _groups(data, where, bare)
    items = {item.code: item for group in groups for item in group.items}
    scales = data.get("subscales", ())
    made = Instrument(
        *_words(data, where),
        version=str(data["version"]),
        better=data["better"],
        valid_from=date.fromisoformat(data["valid_from"]),
        domains=tuple(data.get("domains", ())),
        everywhere=bool(data.get("everywhere")),
        klass=data.get("class"),
        qualified_only=bool(data.get("qualified_only")),
        structure_only=bare,
        by_rules=data.get("level_by") == "rules",
        says_words=data.get("answers") == "words",
        groups=groups,
        subscales=tuple(Group(*_words(entry, where), items=tuple(items[code] for code in entry["items"])) for entry in scales),
        levels=tuple(_level(entry, where) for entry in data.get("levels", ())),
        conditions=tuple(Condition(*_words(entry, where), kind=entry["kind"]) for entry in data.get("conditions", ())),
        overrides=tuple(_override(entry, where) for entry in data.get("overrides", ())),
        alerts=tuple(_alert(entry, where) for entry in data.get("alerts", ())),
    )
    _check(made, where)
    return made


def _check(made: Instrument, where: str) -> None:
    unique((item.code for item in made.items), where)
    unique((group.code for group in made.groups), where)
    unique((level.code for level in made.levels), where)
    insist(len(made.code) <= 30 and len(made.version) <= 20, f"{where}: code or version is longer than its column")
    insist(made.better in ("high", "low"), f"{where}: better is high or low")
    insist(made.klass in (None, "P3"), f"{where}: class is P3 or that of the case")
    insist({"source", "licence_zh", "licence_en"} <= made.facts.keys(), f"{where}: source, and licence in both languages")
    insist(made.fact("disclaimer", "zh") and made.fact("disclaimer", "en"), f"{where}: disclaimer in both languages")
    if made.levels:
        ranks = sorted(level.rank for level in made.levels)
        insist(ranks == list(range(len(ranks))), f"{where}: ranks are not 0 to {len(ranks) - 1}")
        _check_by_rules(made, where) if made.by_rules else _check_spans(made, where)
    _check_rules(made, where)
    _check_alerts(made, where)


def _check_by_rules(made: Instrument, where: str) -> None:
    """Where rules decide, more points may only make it worse, and every level but the best has a rule that sets it."""
    insist(made.better == "low", f"{where}: with levels by rules, more points are worse")
    insist(all(level.low is None and level.high is None for level in made.levels), f"{where}: a level by rules has no range")
    reached = {rule.set_to for rule in made.overrides}
    insist({level.code for level in made.levels if level.rank} <= reached, f"{where}: a level that no rule sets")


def _check_spans(made: Instrument, where: str) -> None:
    """Every total has exactly one level, and ranks follow the totals."""
    insist(all(level.low is not None and level.high is not None for level in made.levels), f"{where}: a level without its range")
    ranked: list[Any] = sorted(made.levels, key=lambda level: level.low or 0)
    lowest = sum(min(item.points(score) for score in item.scores) for group in made.counting for item in group.items)
    insist(ranked[0].low == lowest and ranked[-1].high == made.maximum, f"{where}: levels do not span {lowest} to {made.maximum}")
    for lower, upper in pairwise(ranked):
        insist(upper.low == lower.high + 1, f"{where}: gap or overlap between levels {lower.code} and {upper.code}")
    ranks = [level.rank for level in ranked]
    insist(sorted(ranks, reverse=made.better == "high") == ranks, f"{where}: ranks run against the totals")


def _check_rules(made: Instrument, where: str) -> None:
    conditions, items = {condition.code for condition in made.conditions}, {item.code for item in made.items}
    unique((rule.code for rule in made.overrides), where)
    for rule in made.overrides:
        named = set(rule.items) | {code for clause in rule.when for code in clause.items}
        insist(set(rule.any_of) | set(rule.sum_of) <= conditions, f"{where}: override {rule.code} names an unknown condition")
        insist(named <= items, f"{where}: override {rule.code} names an unknown item")
        insist(rule.set_to is None or made.level(rule.set_to), f"{where}: override {rule.code} sets an unknown level")


def _check_alerts(made: Instrument, where: str) -> None:
    known = {
        "item": {item.code for item in made.items},
        "condition": {condition.code for condition in made.conditions},
        "rule": {rule.code for rule in made.overrides},
        "level": {level.code for level in made.levels},
    }
    unique((alert.code for alert in made.alerts), where)
    for alert in made.alerts:
        bound = [(kind, value) for kind in known if (value := getattr(alert, kind)) is not None]
        insist(
            len(bound) == 1 and bound[0][1] in known[bound[0][0]],
            f"{where}: alert {alert.code} needs one item, condition, rule or level",
        )
        insist(alert.klass in (None, "P3"), f"{where}: alert {alert.code}: class is P3")
        insist(all(task.who in ("worker", "head") for task in alert.tasks), f"{where}: alert {alert.code}: for worker or head")


@cache
def _instruments() -> dict[tuple[str, str], Instrument]:
    """Every version: those we ship, and what an agency laid into the local folder (questionnaires of its own, licensed texts)."""
    local = {f"{LOCAL}/{name}.json": data for name, data in read_folder(LOCAL).items()}
    texts = {where: data for where, data in local.items() if "texts_for" in data}
    files = {f"{SHIPPED}/{name}.json": data for name, data in read_folder(SHIPPED).items()}
    files |= {where: data for where, data in local.items() if where not in texts}
    found = [build(with_texts(data, texts), where) for where, data in files.items()]
    unique((f"{one.code}-{one.version}" for one in found), SHIPPED)
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


def superseded(code: str, version: str | None = None) -> Worded | None:
    """Why results of an older instrument are refused: it is named in the file of the one that took its place."""
    for one in instruments():
        for entry in one.facts.get("replaces", ()):
            if code.casefold() in (entry["code"], *entry.get("also", ())) or (
                code == one.code and version in entry.get("versions", ())
            ):
                return Worded(*worded(entry, f"{one.code} replaces"), entry)
    return None


__all__ = ["BrokenReference", "build", "instrument", "instruments", "superseded"]
