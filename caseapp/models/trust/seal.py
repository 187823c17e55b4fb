"""What makes the trail tamper-evident: entries that wait for a number, numbered digests, and signed seals over batches.

A trigger puts each new entry among those that wait, in the writer's own transaction; one sealer numbers them afterwards. So no
writer waits for another, numbers have no gaps, and an entry past the trigger or the seal stands out. `audit_entry`,
`audit_number` and `audit_seal` refuse updates and deletions in the database itself (`models/seal_ddl.py`); only what an archive holds
may go (`services/trust/seal/archive/`), and its seals stay.
"""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.models.base import Instant, Model


class AuditWaiting(Model):
    """An entry that has no number yet."""

    __tablename__ = "audit_waiting"

    entry_id: Mapped[UUID] = mapped_column(primary_key=True)


class AuditNumber(Model):
    """The number of an entry, from 1 without gaps, and the digest of both (SHA-256)."""

    __tablename__ = "audit_number"

    number: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    entry_id: Mapped[UUID] = mapped_column(nullable=False, unique=True)
    digest: Mapped[bytes] = mapped_column(sa.LargeBinary, nullable=False)


class AuditSeal(Model):
    """A batch of consecutive numbers: a hash over the one before and all digests of the batch, signed (Ed25519)."""

    __tablename__ = "audit_seal"

    batch: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    first: Mapped[int] = mapped_column(sa.BigInteger, nullable=False)
    last: Mapped[int] = mapped_column(sa.BigInteger, nullable=False)
    sealed_at: Mapped[datetime] = mapped_column(Instant, nullable=False)
    head: Mapped[bytes] = mapped_column(sa.LargeBinary, nullable=False)
    key: Mapped[bytes] = mapped_column(sa.LargeBinary, nullable=False)  # the public key, 32 bytes
    signature: Mapped[bytes] = mapped_column(sa.LargeBinary, nullable=False)


class AuditArchive(Model):
    """A file that holds the entries of consecutive seals, after which the database lets go of them.

    `before` and `head` are the heads of the chain ahead of the first seal and of the last; `sha256` is the file's. Signed (Ed25519) like
    a seal, so that nobody can let go of entries by writing a row here unseen.
    """

    __tablename__ = "audit_archive"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    first_batch: Mapped[int] = mapped_column(sa.BigInteger, nullable=False)
    last_batch: Mapped[int] = mapped_column(sa.BigInteger, nullable=False)
    first: Mapped[int] = mapped_column(sa.BigInteger, nullable=False)
    last: Mapped[int] = mapped_column(sa.BigInteger, nullable=False)
    made_at: Mapped[datetime] = mapped_column(Instant, nullable=False)
    file_name: Mapped[str] = mapped_column(sa.String(100), nullable=False)
    sha256: Mapped[bytes] = mapped_column(sa.LargeBinary, nullable=False)
    before: Mapped[bytes] = mapped_column(sa.LargeBinary, nullable=False)
    head: Mapped[bytes] = mapped_column(sa.LargeBinary, nullable=False)
    key: Mapped[bytes] = mapped_column(sa.LargeBinary, nullable=False)  # the public key, 32 bytes
    signature: Mapped[bytes] = mapped_column(sa.LargeBinary, nullable=False)
