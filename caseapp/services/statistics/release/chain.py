"""The chain of releases: each head is the hash of everything that a release says of itself and of the head before it.

Whoever has the printed head of one release can tell whether this or any earlier one was exchanged. The rows cannot be
changed in the database by ordinary means (triggers); the chain shows it when somebody has used others.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import select

from caseapp.core import clock
from caseapp.models.statistics import StatCell, StatCertificate, StatRelease
from caseapp.reference.files import read_json

Row = tuple[str, str, str, str]  # table, area, key of the cell, what is shown


def cells_sha(rows: Iterable[Sequence[Any]]) -> str:
    """The hash of all published cells in their order: one line `table,area,key,shown` each."""
    digest = hashlib.sha256()
    for row in rows:
        digest.update(f"{','.join(row)}\n".encode())
    return digest.hexdigest()


@cache
def catalogue_sha(version: str) -> str:
    """The hash of a version of the catalogue: of its data as canonical JSON."""
    return hashlib.sha256(_plain(read_json(f"statistics/{version}.json"))).hexdigest()


def told(release: StatRelease) -> dict[str, Any]:
    """What the head of a release stands for, beside the head before it; nothing of it is secret."""
    return {
        "id": str(release.id),
        "number": release.number,
        "period": release.period,
        "supersedes": str(release.supersedes_id) if release.supersedes_id else None,
        "cut_off_on": release.cut_off_on.isoformat(),
        "published_at": clock.local(release.published_at).isoformat(),
        "made_by": release.made_by,
        "checked_by": release.checked_by,
        "parameters": release.params,
        "catalogue_version": release.catalogue_version,
        "catalogue_sha256": release.catalogue_sha256,
        "facts_mark": release.facts_mark,
        "cells_sha256": release.cells_sha256,
        "certificate_sha256": release.certificate_sha256,
    }


def head(previous: str, facts: dict[str, Any]) -> str:
    """SHA-256 over the head before ("" at the beginning) and what the release says of itself, as canonical JSON."""
    return hashlib.sha256(_plain({"previous": previous, "release": facts})).hexdigest()


def faults(session: Any) -> list[str]:
    """What does not agree, oldest first: numbers of releases with what is wrong; empty when the whole chain holds."""
    found, previous = [], ""
    for release in session.scalars(select(StatRelease).order_by(StatRelease.number)):
        query = select(StatCell.table, StatCell.area, StatCell.dims_key, StatCell.shown)
        cells = session.execute(query.where(StatCell.release_id == release.id).order_by(StatCell.position))
        if cells_sha(cells) != release.cells_sha256:
            found.append(f"{release.number}: cells")
        if release.head is None:
            continue
        kept = session.scalar(select(StatCertificate.sha256).where(StatCertificate.release_id == release.id))
        if kept != release.certificate_sha256:
            found.append(f"{release.number}: certificate")
        if release.previous_head != previous or release.head != head(previous, told(release)):
            found.append(f"{release.number}: head")
        previous = release.head
    return found


def rows_of(session: Any, release: StatRelease) -> list[Row]:
    """The published cells of a release in their order."""
    query = select(StatCell.table, StatCell.area, StatCell.dims_key, StatCell.shown)
    found = session.execute(query.where(StatCell.release_id == release.id).order_by(StatCell.position))
    return [(table, area, key, shown) for table, area, key, shown in found]


def _plain(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
