"""Figures of an invented province, seeded: facts of every grouping for each station, without a database."""

from collections import Counter

import numpy as np

from caseapp.reference.statistics import Catalogue, key_of
from caseapp.services.statistics.areas import Area
from caseapp.services.statistics.cells import Fact

PERSONS = 182  # on file in a township, on average
# things for each person on file, and how many of them one person has
WORK = {
    "enrolled": 0.04,
    "ended": 0.03,
    "visits": 2.6,
    "duty": 1.0,
    "cases_opened": 0.03,
    "cases_active": 0.09,
    "cases_closed": 0.025,
    "services": 1.4,
    "consultations": 0.12,
    "hours": 0.5,
    "assessments": 0.2,
    "ability": 0.05,
    "referrals": 0.015,
    "aid_requests": 0.02,
    "resident_requests": 0.05,
    "guardianship": 0.02,
    "disability_needs": 0.04,
}
WEIGHTS = {
    "age_band": (0.09, 0.205, 0.21, 0.28, 0.215),
    "served_age": (0.09, 0.2, 0.21, 0.28, 0.215, 0.005),
    "sex": (0.46, 0.54),
    "served_sex": (0.46, 0.535, 0.005),
    "domain": (0.35, 0.35, 0.1, 0.12, 0.08),
}


def areas(cities: int, counties: int, townships: int) -> list[Area]:
    """A province of so many cities, counties in each of them and townships in each of those, parents first."""
    found = [Area("p", "P", "province", None, "/p/", ("p",), leaf=False)]
    for city in range(cities):
        above = f"p{city:02}"
        found.append(Area(above, above, "city", "p", f"/p/{above}/", (above,), leaf=False))
        for county in range(counties):
            code = f"{above}{county:02}"
            found.append(Area(code, code, "county", above, f"/p/{above}/{code}/", (code,), leaf=False))
            for town in range(townships):
                leaf = f"{code}{town:02}"
                found.append(Area(leaf, leaf, "township", code, f"/p/{above}/{code}/{leaf}/", (leaf,), leaf=True))
    return found


def chains(found: list[Area]) -> dict[str, list[str]]:
    """Township → the areas that it is a part of, the deepest first."""
    parents = {area.code: area.parent for area in found}
    told = {}
    for area in found:
        if area.leaf:
            chain, code = [], area.code
            while code:
                chain.append(code)
                code = parents[code] or ""
            told[area.code] = chain
    return told


def facts(catalogue: Catalogue, period: str, found: list[Area], seed: int, persons: int = PERSONS) -> list[Fact]:
    """What every station counted: one in each township."""
    dice = np.random.default_rng(seed)
    told: list[Fact] = []
    for area in found:
        if not area.leaf:
            continue
        size = max(31, int(dice.gamma(4, persons / 4)))
        on_file = _things(catalogue, "on_file", size, dice)
        visits = _things(catalogue, "visits", int(size * WORK["visits"]), dice)
        told += _facts(catalogue, "on_file", period, area.code, on_file, np.arange(size))
        told += _facts(catalogue, "visits", period, area.code, visits, dice.integers(0, size, len(next(iter(visits.values())))))
        kept = [place for place in range(len(visits["sex"])) if dice.random() < 0.4]
        met = {name: codes[kept] for name, codes in visits.items()}
        told += _facts(catalogue, "visited", period, area.code, met, np.arange(len(kept)))
        for measure, share in WORK.items():
            if measure != "visits":
                number = dice.poisson(size * share)
                held = _things(catalogue, measure, number, dice)
                minutes = dice.integers(1, 16, number) * 10 if measure == "hours" else None
                told += _facts(catalogue, measure, period, area.code, held, dice.integers(0, size, number), minutes)
    return told


def _things(catalogue: Catalogue, measure: str, number: int, dice: np.random.Generator) -> dict[str, np.ndarray]:  # type: ignore[type-arg]
    names = list(dict.fromkeys(name for dims in catalogue.frames(measure) for name in dims))
    drawn = {}
    for name in names:
        values = catalogue.dimensions[name].values
        weights = np.array(WEIGHTS.get(name) or [0.6**place for place in range(len(values))])
        drawn[name] = dice.choice(np.array([v.code for v in values], dtype=object), number, p=weights / weights.sum())
    if "item" in drawn:
        section = {v.code: v.parent for v in catalogue.dimensions["section"].values}
        domain = {v.code: section[v.parent or ""] for v in catalogue.dimensions["item"].values}
        within = {code: [item for item, of in domain.items() if of == code] for code in set(domain.values())}
        drawn["item"] = np.array([dice.choice(within[code]) for code in drawn["domain"]], dtype=object)
        drawn["section"] = np.array(
            [next(v.parent for v in catalogue.dimensions["item"].values if v.code == i) for i in drawn["item"]]
        )
    if "group" in drawn:  # most are in none; a group's persons are of its ages
        bands = {v.code: v.ages for v in catalogue.dimensions["group"].values}
        ages = drawn.get("age_band", np.full(number, "70-79", dtype=object))
        fits = [not bands[g] or a in bands[g] for g, a in zip(drawn["group"], ages, strict=True)]
        drawn["group"] = np.where((dice.random(number) < 0.5) & np.array(fits, dtype=bool), drawn["group"], "")
    return drawn


def _facts(
    catalogue: Catalogue,
    measure: str,
    period: str,
    area: str,
    things: dict[str, np.ndarray],  # type: ignore[type-arg]
    who: np.ndarray,  # type: ignore[type-arg]
    minutes: np.ndarray | None = None,  # type: ignore[type-arg]
) -> list[Fact]:
    found = []
    for names in catalogue.groupings(measure):
        values: Counter[str] = Counter()
        parts: dict[str, Counter[int]] = {}
        for place in range(len(who)):
            told = {name: things[name][place] for name in names}
            if all(told.values()):
                key = key_of(told)
                part = int(minutes[place]) if minutes is not None else 1
                values[key] += part
                parts.setdefault(key, Counter())[int(who[place])] += part
        for key, value in values.items():
            found.append(Fact(measure, period, area, key, value, len(parts[key]), f"s{area}", max(parts[key].values())))
    return found
