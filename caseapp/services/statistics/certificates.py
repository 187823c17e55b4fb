"""Certificates of releases: kept sealed, opened by the verifier only."""

import hashlib
from typing import Any
from uuid import UUID

from caseapp.adapters import keys
from caseapp.models.statistics import StatCertificate


def keep(session: Any, release_id: UUID, content: bytes) -> str:
    """Keeps the certificate of a release; returns the SHA-256 of its clear bytes, which may be published."""
    digest = hashlib.sha256(content).hexdigest()
    session.add(StatCertificate(release_id=release_id, content=keys.ring().seal(content, _bound(release_id)), sha256=digest))
    return digest


def read(session: Any, release_id: UUID) -> bytes | None:
    """The clear bytes; None for a release without a certificate.

    Needs a system session. Raises InvalidTag when the sealed bytes were altered or belong to another release.
    """
    row = session.get(StatCertificate, release_id)
    return None if row is None else keys.ring().open(row.content, _bound(release_id))


def _bound(release_id: UUID) -> bytes:
    return keys.bound("stat_certificate", "content", release_id)
