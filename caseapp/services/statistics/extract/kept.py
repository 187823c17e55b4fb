"""What an extract keeps sealed: the archive while it may be fetched, and for ever the rows that later extracts are measured with."""

import json
import zlib
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import undefer

from caseapp.adapters import keys
from caseapp.models.statistics import StatExtract
from caseapp.reference.extracts import extract_kinds
from caseapp.services.statistics.extract.measure import Limits, rows_of
from caseapp.services.statistics.extract.shape import Chosen
from caseapp.services.statistics.extract.union import Handed

OUT = ("approved", "withdrawn", "expired")  # states in which its rows have left the house, or may have


def chosen_of(row: StatExtract) -> Chosen:
    """What an extract tells, under the version of the rules it was ordered under."""
    return Chosen(extract_kinds()[row.rules], row.recipient, tuple(row.attributes), tuple(row.sensitive))


def limits_of(chosen: Chosen, levels: dict[str, int]) -> Limits:
    """What must hold for its recipient at these levels."""
    one = chosen.kind.recipient(chosen.recipient)
    raised = {told.code: told.raised(levels[told.code]) for told in chosen.told}
    return Limits(one.k, one.average_risk, one.distinct, one.entropy, one.confidence, one.closeness, one.records_per_area, raised)


def seal(row: StatExtract, column: str, clear: bytes) -> None:
    """Keeps bytes in a column, bound to the row."""
    setattr(row, column, keys.ring().seal(clear, keys.bound(row.__tablename__, column, row.id)))


def unseal(row: StatExtract, column: str) -> bytes:
    """Reads them back. Raises InvalidTag when they were moved or altered."""
    return keys.ring().open(getattr(row, column), keys.bound(row.__tablename__, column, row.id))


def keep(row: StatExtract, handed: Handed, case_marks: Sequence[str]) -> None:
    """Keeps rows, marks of persons and (until they stand in their own table) marks of cases."""
    columns = [*handed.quasi, *handed.sensitive]
    told = {
        "quasi": list(handed.quasi),
        "sensitive": list(handed.sensitive),
        "rows": [[line[name] for name in columns] for line in handed.rows],
        "marks": [list(mark) for mark in handed.marks],
        "cases": list(case_marks),
    }
    seal(row, "kept_enc", zlib.compress(json.dumps(told, separators=(",", ":")).encode()))


def read(row: StatExtract) -> tuple[Handed, list[str]]:
    """What was kept: the rows as handed out, and the marks of their cases."""
    told: dict[str, Any] = json.loads(zlib.decompress(unseal(row, "kept_enc")))
    columns = [*told["quasi"], *told["sensitive"]]
    rows = [dict(zip(columns, line, strict=True)) for line in told["rows"]]
    return Handed(rows, [(person, household) for person, household in told["marks"]], told["quasi"], told["sensitive"]), told[
        "cases"
    ]


def earlier(session: Any) -> list[Handed]:
    """Every extract that is or was out, oldest first."""
    query = (
        select(StatExtract).where(StatExtract.state.in_(OUT)).order_by(StatExtract.number).options(undefer(StatExtract.kept_enc))
    )
    return [read(row)[0] for row in session.scalars(query)]


def handed_of(chosen: Chosen, content: bytes, marks: Sequence[tuple[str, str | None]]) -> Handed:
    """A finished file as one of the union."""
    return Handed(rows_of(content), marks, chosen.quasi, chosen.sensitive)
