"""Reads one version of the catalogue and refuses one whose tables would give away what they hide."""

from collections.abc import Sequence
from typing import Any

from caseapp.reference.catalogue import catalogue as service_catalogue
from caseapp.reference.files import Worded, insist, unique, worded
from caseapp.reference.groups import target_groups
from caseapp.reference.statistics.kinds import LEVELS, Balance, Catalogue, Dimension, MeasureKind, NeverMore, TableKind, Value
from caseapp.reference.statistics.lint import lint


def read_catalogue(name: str, raw: dict[str, Any]) -> Catalogue:
    """One version."""
    where = f"statistics/{name}"
    insist(raw["version"] == name, f"{where}: the file is named after another version")
    dimensions = {entry["code"]: _dimension(entry, where, raw["threshold"]) for entry in raw["dimensions"]}
    subjects = tuple(Worded(*worded(entry, where)) for entry in raw.get("subjects", ()))
    measures = {entry["code"]: _measure(entry, where) for entry in raw.get("measures", ())}
    tables = tuple(_table(entry, where, dimensions, measures) for entry in raw["tables"])
    unique((table.code for table in tables), where)
    found = Catalogue(
        version=name,
        threshold=raw["threshold"],
        contributors=raw["contributors"],
        area_minimum=raw["area_minimum"],
        protection=Worded("protection", raw["protection"]["zh"], raw["protection"]["en"]),
        subjects=subjects,
        dimensions=dimensions,
        tables=tables,
        balances=tuple(Balance(**pair) if isinstance(pair, dict) else Balance(*pair) for pair in raw.get("balances", ())),
        never_more=tuple(NeverMore(**rule) for rule in raw.get("never_more", ())),
        measures=measures,
        words={code: Worded(code, said["zh"], said["en"]) for code, said in raw.get("words", {}).items()},
        cut_off_days=raw.get("cut_off_days", 10),
        valid_from=raw.get("valid_from", ""),
        compare_least=raw.get("compare_least", 10),
    )
    lint(found, where)
    return found


def _dimension(entry: dict[str, Any], where: str, threshold: int) -> Dimension:
    code, zh, en = worded(entry, where)
    values = [_value(value, where, threshold) for value in (*_taken(entry), *entry.get("values", ()))]
    unique((value.code for value in values), f"{where}: {code}")
    expected: int | None = 0
    for band in (value for value in values if value.youngest is not None):
        # bands that overlap or leave a gap would give single years away by subtraction
        insist(band.youngest == expected, f"{where}: {code} leaves a gap or overlaps before {band.code}")
        expected = None if band.oldest is None else band.oldest + 1
    overlap, rest = entry.get("overlap", False), entry.get("rest")
    insist(rest is None or any(value.code == rest for value in values), f"{where}: {code} has no value {rest}")
    if overlap:
        _groups(values, f"{where}: {code}")
    marks = {name: entry.get(name, False) for name in ("sensitive", "at_end")}
    return Dimension(code, zh, en, entry, tuple(values), overlap, entry.get("within"), rest, **marks)


def _measure(entry: dict[str, Any], where: str) -> MeasureKind:
    told = {name: entry[name] for name in ("over_time", "counts", "k") if name in entry}
    insist(told.get("over_time") in ("sum", "stock", "distinct"), f"{where}: {entry['code']} goes through time in no known way")
    return MeasureKind(*worded(entry, where), facts=entry, **told)


def _value(entry: dict[str, Any], where: str, threshold: int) -> Value:
    return Value(
        *worded(entry, where),
        facts=entry,
        k=entry.get("k", threshold),
        youngest=entry.get("from"),
        oldest=entry.get("to"),
        codes=tuple(entry.get("codes", ())),
        parent=entry.get("parent"),
        ages=tuple(entry.get("ages", ())),
    )


def _taken(entry: dict[str, Any]) -> list[dict[str, Any]]:
    """Values that stand in a frozen version of the service catalogue, with the thresholds that this file raises."""
    if "take" not in entry:
        return []
    what, version = entry["take"]
    items, raised = service_catalogue(version), entry.get("raised", {})
    if what == "items":
        found = [(item.code, f"{item.code} {item.zh}", f"{item.code} {item.en}", item.section) for item in items]
    else:
        domains = {item.section: item.domain for item in items}
        found = [(s.code, f"{s.code} {s.zh}", f"{s.code} {s.en}", domains[s.code]) for s in items.sections.values()]
    return [
        {"code": code, "zh": zh, "en": en, "parent": parent} | ({"k": raised[code]} if code in raised else {})
        for code, zh, en, parent in found
    ]


def _groups(values: Sequence[Value], where: str) -> None:
    """Groups of tags: known ones, none restricted, and no tag in two groups, so that no group is the rest of another."""
    known = target_groups()
    unique((code for value in values for code in value.codes), where)
    for value in values:
        insist(value.codes, f"{where}: {value.code} names no tag")
        for code in value.codes:
            insist(code in known, f"{where}: {value.code} names the unknown tag {code}")
            insist(known[code].klass != "P3", f"{where}: {value.code} would publish the restricted tag {code}")


def _table(entry: dict[str, Any], where: str, dimensions: dict[str, Dimension], measures: dict[str, MeasureKind]) -> TableKind:
    code, zh, en = worded(entry, where)
    for member in ("unit_zh", "unit_en", "definition_zh", "definition_en"):
        insist(entry.get(member), f"{where}: {code} lacks {member}")
    names = entry.get("dimensions", [entry["dimension"]] if entry.get("dimension") else [])
    insist(set(names) <= dimensions.keys() and len(names) <= 2, f"{where}: {code} has an unknown dimension or too many")
    return TableKind(
        code,
        zh,
        en,
        facts=entry,
        measure=entry["measure"],
        subject=entry.get("subject", ""),
        dimensions=tuple(dimensions[name] for name in names),
        levels=LEVELS[: LEVELS.index(entry["levels"]) + 1],
        derived=entry.get("derived", False),
        magnitude=entry.get("magnitude", False),
        months=LEVELS[: LEVELS.index(entry["months"]) + 1] if "months" in entry else (),
        k=measures[entry["measure"]].k if entry["measure"] in measures else 0,
        also_sensitive=tuple(entry.get("sensitive", ())),
    )
