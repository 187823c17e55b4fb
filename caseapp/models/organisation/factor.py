"""The second factor of a user: a sealed secret, recovery codes as digests, a sign-in that waits for it."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.models.base import Instant, Keyed, Model, Sealed, sealed


class SecondFactor(Keyed, Model):
    """The secret of a user's authenticator; it counts from `proved_at` on. `last_step` is the newest code that was taken."""

    __tablename__ = "second_factor"

    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey("user.id"), nullable=False, unique=True)
    secret_enc: Mapped[bytes] = sealed(nullable=False)
    secret = Sealed("secret_enc")
    started_at: Mapped[datetime] = mapped_column(Instant, nullable=False)
    proved_at: Mapped[datetime | None] = mapped_column(Instant)
    last_step: Mapped[int | None] = mapped_column(sa.BigInteger)


class RecoveryCode(Keyed, Model):
    """A code for the day the authenticator is lost; a keyed digest, good once."""

    __tablename__ = "recovery_code"

    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey("user.id"), nullable=False, index=True)
    digest: Mapped[bytes] = mapped_column(sa.LargeBinary(32), nullable=False, unique=True)
    used_at: Mapped[datetime | None] = mapped_column(Instant)


class HalfSignIn(Keyed, Model):
    """A sign-in whose password was right and whose second factor is still to come; no session, it opens nothing."""

    __tablename__ = "half_sign_in"

    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey("user.id"), nullable=False, index=True)
    token_hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32), nullable=False, unique=True)
    tries: Mapped[int] = mapped_column(nullable=False, default=0)
    expires_at: Mapped[datetime] = mapped_column(Instant, nullable=False)
