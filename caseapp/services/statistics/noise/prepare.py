"""Reckons every answer of an exploration once, from the frozen facts of a release, and stores it for ever."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from sqlalchemy import insert, select

from caseapp import domains
from caseapp.core.errors import Conflict
from caseapp.core.periods import Quarter, edition
from caseapp.core.text import _l
from caseapp.models.statistics import StatCell, StatFact, StatNoise, StatRelease
from caseapp.queries.statistics.measures import Span
from caseapp.queries.statistics.places import places
from caseapp.reference.statistics import Catalogue, Question, key_of, questions, versions
from caseapp.services.statistics import areas as publication
from caseapp.services.statistics.noise.ptable import perturbed
from caseapp.services.statistics.noise.records import WHOLE, RecordKeys, key_sums

HIDDEN = "*"


def prepare(session: Any, release: StatRelease) -> int:
    """Stores the answers of a release; returns how many questions times areas. Raises Conflict where they are stored already.

    Needs a system session that writes. What the release hides stays hidden here: noise on a hidden number would tell it to within
    four.
    """
    if session.scalar(select(StatNoise.release_id).where(StatNoise.release_id == release.id).limit(1)):
        raise Conflict(_l("The answers of this quarter are stored; they never change."), "period", code="stored")
    catalogue, where = versions()[release.catalogue_version], places(session)
    areas = publication.read(release.areas)
    chains = publication.cover(areas, where.nodes)
    span, own, counted = Span.of(catalogue, Quarter.read(release.period)), RecordKeys(), domains.measures()
    hidden = _hidden(session, release, catalogue)
    rows: list[dict[str, Any]] = []
    asked: dict[tuple[str, tuple[str, ...]], list[Question]] = defaultdict(list)
    for question in questions(catalogue):
        asked[question.measure, question.within].append(question)
    for (measure, frame), held in asked.items():
        atoms = _atoms(session, edition(release.period, release.edition), measure, frame)
        sums = key_sums(session, counted[measure], span, frame, where, own)
        for question in held:
            for code, answers in _answers(question, catalogue, areas, chains, atoms, sums, hidden):
                area = next(area for area in areas if area.code == code)
                rows.append(
                    {
                        "release_id": release.id,
                        "measure": measure,
                        "dims": question.code,
                        "area": code,
                        "area_path": area.path,
                        "answers": answers,
                    }
                )
    for start in range(0, len(rows), 2000):
        session.execute(insert(StatNoise), rows[start : start + 2000])
    return len(rows)


def _atoms(session: Any, period: str, measure: str, frame: tuple[str, ...]) -> dict[tuple[str, str], int]:
    query = select(StatFact.area, StatFact.dims_key, StatFact.value).where(StatFact.period == period, StatFact.measure == measure)
    found: dict[tuple[str, str], int] = defaultdict(int)
    for area, key, value in session.execute(query):
        if tuple(part.partition("=")[0] for part in key.split(";") if part) == frame:
            found[area, key] += value
    return found


def _hidden(session: Any, release: StatRelease, catalogue: Catalogue) -> set[tuple[str, str, str]]:
    measures = {table.code: table.measure for table in catalogue.tables}
    query = select(StatCell.table, StatCell.area, StatCell.dims_key).where(
        StatCell.release_id == release.id, StatCell.shown == HIDDEN
    )
    return {(measures[table], area, key) for table, area, key in session.execute(query)}


def _answers(
    question: Question,
    catalogue: Catalogue,
    areas: Sequence[publication.Area],
    chains: dict[str, list[str]],
    atoms: dict[tuple[str, str], int],
    sums: dict[tuple[str, str], int],
    hidden: set[tuple[str, str, str]],
) -> Iterator[tuple[str, dict[str, str]]]:
    """(area, key → answer) for every area that the question may be asked of."""
    wanted = {area.code for area in areas if area.level in question.levels}
    values: dict[str, dict[str, int]] = {code: dict.fromkeys(_keys(question, catalogue), 0) for code in wanted}
    noise: dict[str, dict[str, int]] = {code: defaultdict(int) for code in wanted}
    for target, source in ((values, atoms), (noise, sums)):
        for (place, atom), number in source.items():
            told = dict(part.split("=", 1) for part in atom.split(";") if part)
            key = key_of({name: told[name] for name in question.names})
            for code in chains.get(place, ()):
                if code in wanted:
                    target[code][key] = (target[code].get(key, 0) + number) % WHOLE
    for area in areas:
        if area.code in wanted:
            keys = list(values[area.code])
            true = np.array([values[area.code][key] for key in keys], dtype=np.int64)
            at = np.array([noise[area.code].get(key, 0) for key in keys], dtype=np.uint64)
            changed = zip(keys, perturbed(true, at).tolist(), strict=True)
            yield (
                area.code,
                {key: HIDDEN if (question.measure, area.code, key) in hidden else str(number) for key, number in changed},
            )


def _keys(question: Question, catalogue: Catalogue) -> list[str]:
    found: list[dict[str, str]] = [{}]
    for name in question.names:
        found = [{**one, name: value.code} for one in found for value in catalogue.dimensions[name].values]
    return [key_of(one) for one in found]
