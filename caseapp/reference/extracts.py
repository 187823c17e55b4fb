"""What an extract of closed cases may hold: attributes with their levels, sensitive values, and the measure of each recipient."""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from caseapp.reference.files import Worded, insist, read_folder, unique, worded

UNKNOWN, HOUSEHOLD, ALL = "unknown", "household", "*"
KINDS = ("bands", "codes", "division", "quarter")
DIGITS = {"county": 6, "city": 4, "province": 2}  # of a division code


@dataclass(frozen=True)
class Value(Worded):
    """One value of a level: a band from `least` to `most` (both belong to it), or the values `of` the level before.

    `k` is the threshold of classes that hold it, where it is higher than the recipient's.
    """

    of: frozenset[str] = frozenset()
    least: int | None = None
    most: int | None = None
    k: int = 0


@dataclass(frozen=True)
class Level(Worded):
    """How finely an attribute is told."""

    values: tuple[Value, ...] = ()


@dataclass(frozen=True)
class Attribute(Worded):
    """What is told of a case. Level 0 is the value itself and is never told; the last level is `*` for everybody."""

    kind: str = "codes"
    weight: float = 1.0
    required: bool = False
    levels: tuple[Level, ...] = ()
    first: Mapping[str, int] | None = None

    @property
    def top(self) -> int:
        """The number of the level at which nothing is told."""
        return len(self.levels) + 1

    def lowest(self, recipient: str) -> int:
        """The finest level that a recipient may have, 1 or more."""
        return (self.first or {}).get(recipient, 1)

    def told(self, raw: Any, level: int) -> str:
        """A true value (a number, a code, None where it is not known) as the code of a level from 1 on."""
        if level < 1:
            raise ValueError("level 0 is never told")
        if level >= self.top:
            return ALL
        if raw is None or raw in (UNKNOWN, HOUSEHOLD):
            return HOUSEHOLD if raw == HOUSEHOLD else UNKNOWN
        chosen = self.levels[level - 1]
        if self.kind == "division":
            return str(raw)[: DIGITS[chosen.code]]
        if self.kind == "quarter":
            return str(raw) if chosen.code == "quarter" else str(raw)[:4]
        if self.kind == "bands":
            bands = (v.code for v in chosen.values if (v.least or 0) <= raw and (v.most is None or raw <= v.most))
            return next(bands, UNKNOWN)
        code = str(raw)
        for step in self.levels[:level]:
            code = next((v.code for v in step.values if code in v.of), UNKNOWN)
        return code

    def raised(self, level: int) -> dict[str, int]:
        """Values of a level whose classes need more persons than the recipient's k."""
        return {v.code: v.k for v in self.levels[level - 1].values if v.k} if 1 <= level < self.top else {}


@dataclass(frozen=True)
class Sensitive(Worded):
    """What a class must not give away; never generalised."""

    values: tuple[Value, ...] = ()

    def told(self, raw: Any) -> str:
        """A true code as the value that stands in the file."""
        return next((value.code for value in self.values if str(raw) in value.of), UNKNOWN)


@dataclass(frozen=True)
class Recipient(Worded):
    """Who gets the file, and what it must then keep (statistics design, section 7).

    `k` persons in each class; mean risk at most `average_risk`; of each sensitive attribute at least `distinct` values,
    exp(entropy) at least `entropy`, none above the share `confidence`, total variation to the file at most `closeness`;
    `records_per_area` rows in each area told.
    """

    k: int = 5
    average_risk: float = 0.05
    distinct: int = 3
    entropy: float = 2.0
    confidence: float = 0.8
    closeness: float = 0.3
    records_per_area: int = 1000


@dataclass(frozen=True)
class ExtractKind:
    """One version of the rules for extracts; `suppression` is the largest share of records that may be left out."""

    version: str
    suppression: float
    preparation_days: int
    file_days: tuple[int, int]
    recipients: tuple[Recipient, ...]
    missing: tuple[Worded, ...]
    row: Worded
    statements: tuple[Worded, ...]
    attributes: tuple[Attribute, ...]
    sensitive: tuple[Sensitive, ...]

    def recipient(self, code: str) -> Recipient:
        """One recipient; KeyError for an unknown one."""
        return {one.code: one for one in self.recipients}[code]

    def attribute(self, code: str) -> Attribute:
        """One attribute; KeyError for an unknown one."""
        return {one.code: one for one in self.attributes}[code]

    def sensitive_one(self, code: str) -> Sensitive:
        """One sensitive attribute; KeyError for an unknown one."""
        return {one.code: one for one in self.sensitive}[code]


@cache
def extract_kinds() -> dict[str, ExtractKind]:
    """Every version of the rules, oldest first."""
    return {name: _read(name, raw) for name, raw in sorted(read_folder("extract").items())}


def extract_kind() -> ExtractKind:
    """The newest version."""
    return list(extract_kinds().values())[-1]


def _read(name: str, raw: dict[str, Any]) -> ExtractKind:
    where = f"extract/{name}"
    insist(raw["version"] == name, f"{where}: the file is named after another version")
    attributes = tuple(_attribute(entry, where) for entry in raw["attributes"])
    sensitive = tuple(
        Sensitive(*worded(entry, where), facts=entry, values=tuple(_value(v, where) for v in entry["values"]))
        for entry in raw["sensitive"]
    )
    unique([one.code for one in (*attributes, *sensitive)], where)
    recipients = tuple(_recipient(entry, where) for entry in raw["recipients"])
    insist(all(one.k >= 5 and one.distinct >= 2 for one in recipients), f"{where}: k under 5 or l under 2")
    return ExtractKind(
        version=name,
        suppression=raw["suppression"],
        preparation_days=raw["days"]["preparation"],
        file_days=(raw["days"]["file_least"], raw["days"]["file_most"]),
        recipients=recipients,
        missing=tuple(Worded(*worded(entry, where)) for entry in raw["missing"]),
        row=Worded(*worded(raw["row"], where)),
        statements=tuple(Worded(*worded(entry, where)) for entry in raw["statements"]),
        attributes=attributes,
        sensitive=sensitive,
    )


def _recipient(entry: dict[str, Any], where: str) -> Recipient:
    names = ("k", "average_risk", "distinct", "entropy", "confidence", "closeness", "records_per_area")
    return Recipient(*worded(entry, where), facts=entry, **{name: entry[name] for name in names})


def _attribute(entry: dict[str, Any], where: str) -> Attribute:
    code, zh, en = worded(entry, where)
    insist(entry["kind"] in KINDS, f"{where}: {code} is of no known kind")
    levels = tuple(
        Level(*worded(level, where), facts=level, values=tuple(_value(v, where) for v in level.get("values", ())))
        for level in entry["levels"]
    )
    for level in levels:
        unique((value.code for value in level.values), f"{where}: {code}")
    if entry["kind"] == "bands":
        _bands_nest(levels, f"{where}: {code}")
    if entry["kind"] == "codes":
        for finer, coarser in itertools.pairwise(levels):
            taken = [one for value in coarser.values for one in value.of]
            insist(
                sorted(taken) == sorted(value.code for value in finer.values),
                f"{where}: {code} at {coarser.code} is not made of whole values of {finer.code}",
            )
    return Attribute(code, zh, en, entry, entry["kind"], entry["weight"], entry.get("required", False), levels, entry.get("from"))


def _value(entry: dict[str, Any], where: str) -> Value:
    code, zh, en = worded(entry, where)
    insist(code not in (UNKNOWN, HOUSEHOLD, ALL), f"{where}: {code} is kept for what is missing")
    of = frozenset(entry.get("of", ()))
    return Value(code, zh, en, entry, of, entry.get("from"), entry.get("to"), entry.get("k", 0))


def _bands_nest(levels: tuple[Level, ...], where: str) -> None:
    """Bands that overlap, leave a gap or cut a finer one would narrow a value by comparing two files."""
    finer: set[int] | None = None
    for level in levels:
        expected: int | None = 0
        for band in level.values:
            insist(band.least == expected, f"{where} leaves a gap or overlaps before {band.code}")
            expected = None if band.most is None else band.most + 1
        insist(expected is None, f"{where} ends at {level.values[-1].code}")
        edges = {band.least or 0 for band in level.values}
        insist(finer is None or edges <= finer, f"{where}: {level.code} cuts bands of the level before")
        finer = edges
