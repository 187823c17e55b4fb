"""How a preparation keeps what it has come to: the cells compressed, the certificate sealed and bound to its row."""

import gzip
import hashlib
import json
from typing import Any

from caseapp.adapters import keys
from caseapp.models.statistics import StatPreparation
from caseapp.services.statistics.release.chain import Row, cells_sha
from caseapp.services.statistics.release.make import Made

HIDDEN = "*"


def put(row: StatPreparation, made: Made) -> None:
    """What was made is laid into its row."""
    row.catalogue_version, row.cut_off_on = made.catalogue_version, made.cut_off
    row.facts_mark, row.past_head = made.facts_mark, made.past_head
    row.params, row.areas, row.report, row.gate = made.params, made.areas, made.report, made.gate
    row.cells, row.hidden = len(made.rows), sum(shown == HIDDEN for *_cell, shown in made.rows)
    row.cells_sha256 = cells_sha(made.rows)
    row.content = gzip.compress(json.dumps(made.rows, ensure_ascii=False, separators=(",", ":")).encode(), mtime=0)
    row.certificate_sha256 = hashlib.sha256(made.certificate).hexdigest() if made.certificate else None
    row.certificate_enc = keys.ring().seal(made.certificate, keys.bound("stat_preparation", "certificate_enc", row.id))


def rows(row: StatPreparation) -> list[Row]:
    """The cells as they would be published."""
    found: list[Any] = json.loads(gzip.decompress(row.content or b""))
    return [(table, area, key, shown) for table, area, key, shown in found]


def certificate(row: StatPreparation) -> bytes:
    """What proves the protection; it tells the truth to whoever has the cells."""
    return keys.ring().open(row.certificate_enc or b"", keys.bound("stat_preparation", "certificate_enc", row.id))
