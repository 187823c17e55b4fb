"""Users and what lets them in; names are open to all, credentials are a table of their own."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.models.base import Instant, Keyed, Model, OfOffice, Stamped, Versioned


class User(Keyed, Versioned, Stamped, OfOffice, Model):
    """A person with an account. The name is shown wherever they acted."""

    __tablename__ = "user"

    username: Mapped[str] = mapped_column(sa.String(60), nullable=False, unique=True)  # lower case
    name: Mapped[str] = mapped_column(sa.String(60), nullable=False)
    language: Mapped[str | None] = mapped_column(sa.String(5))
    employer_id: Mapped[UUID | None]  # an organisation; no constraint, as organisations name users too
    home_path: Mapped[str] = mapped_column(sa.String(160), nullable=False)  # which administrator looks after it
    disabled_at: Mapped[datetime | None] = mapped_column(Instant)


class Credential(Model):
    """The password of a user; absent until the one-time code was used."""

    __tablename__ = "credential"

    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey("user.id"), primary_key=True)
    password_hash: Mapped[str] = mapped_column(sa.String(200), nullable=False)
    changed_at: Mapped[datetime] = mapped_column(Instant, nullable=False)


class FormerPassword(Keyed, Model):
    """The hash of a password that was given up, so that it is not taken again soon."""

    __tablename__ = "former_password"

    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey("user.id"), nullable=False, index=True)
    password_hash: Mapped[str] = mapped_column(sa.String(200), nullable=False)
    given_up_at: Mapped[datetime] = mapped_column(Instant, nullable=False)


class OneTimeCode(Keyed, Model):
    """A code handed over on paper for the first sign-in or a forgotten password; only its hash is kept."""

    __tablename__ = "one_time_code"

    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey("user.id"), nullable=False, index=True)
    purpose: Mapped[str] = mapped_column(sa.String(10), nullable=False)  # first, forgotten
    code_hash: Mapped[str] = mapped_column(sa.String(200), nullable=False)
    made_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id"))
    made_at: Mapped[datetime] = mapped_column(Instant, nullable=False)
    expires_at: Mapped[datetime] = mapped_column(Instant, nullable=False)
    # a code for a case-reading account is in force only when confirmed like the grant itself: by its head or the county,
    # and where the grant needs it by a security admin too
    confirmed_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)
    second_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id"))
    second_at: Mapped[datetime | None] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)


class SignInGuard(Model):
    """Failed sign-ins counted per account and address, so that nobody can lock out the owner from elsewhere.

    `passed_at` says that the right password came from there: a crowd of guesses from the same address does not stop that account.
    """

    __tablename__ = "sign_in_guard"

    key: Mapped[str] = mapped_column(sa.String(64), primary_key=True)  # keyed digest of account and address
    failures: Mapped[int] = mapped_column(nullable=False, default=0)
    window_at: Mapped[datetime] = mapped_column(Instant, nullable=False)
    passed_at: Mapped[datetime | None] = mapped_column(Instant)
    blocked_until: Mapped[datetime | None] = mapped_column(Instant)


class UserSession(Keyed, Model):
    """A signed-in device; the cookie carries a random token of which only the hash is kept."""

    __tablename__ = "user_session"

    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey("user.id"), nullable=False, index=True)
    token_hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32), nullable=False, unique=True)
    grant_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("grant.id"), info={"trail": "value"})
    device: Mapped[str] = mapped_column(sa.String(60), nullable=False)  # "Chrome on Android"
    kind: Mapped[str] = mapped_column(sa.String(10), nullable=False)  # web, phone
    started_at: Mapped[datetime] = mapped_column(Instant, nullable=False)
    seen_at: Mapped[datetime] = mapped_column(Instant, nullable=False)
    fresh_at: Mapped[datetime | None] = mapped_column(Instant)  # when its user last proved to be there; none yet: at the sign-in
    idle_minutes: Mapped[int | None]  # the limits that held when it began; none: those of `access/identity.py`
    ends_at: Mapped[datetime | None] = mapped_column(Instant)
    must_change: Mapped[bool] = mapped_column(nullable=False, default=False)  # the password is too old: nothing else opens
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_why: Mapped[str | None] = mapped_column(sa.String(10))  # replaced: by a later sign-in on a device of its kind


class ApiToken(Keyed, Model):
    """A bearer token of the API, bound to one grant and dying with it; only its hash is kept."""

    __tablename__ = "api_token"

    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey("user.id"), nullable=False, index=True)
    grant_id: Mapped[UUID] = mapped_column(sa.ForeignKey("grant.id"), nullable=False)
    token_hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32), nullable=False, unique=True)
    made_at: Mapped[datetime] = mapped_column(Instant, nullable=False)
    fresh_at: Mapped[datetime | None] = mapped_column(Instant)  # made with the password just now; none: made on a page for later
    expires_at: Mapped[datetime] = mapped_column(Instant, nullable=False)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
