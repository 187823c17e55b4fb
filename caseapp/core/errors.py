"""The error family: what services and queries raise; only `blueprints/http/errors.py` turns them into answers."""

from collections.abc import Mapping
from typing import Any

from caseapp.core.text import _l


class AppError(Exception):
    """A refusal that a person can read: message (translatable), stable code and, if it concerns one, the field."""

    status = 400
    code = "bad_request"
    title: Any = _l("This cannot be done")

    def __init__(self, message: Any = None, field: str | None = None, *, code: str | None = None, **facts: Any) -> None:
        super().__init__(str(self.code) if message is None else message)
        self.message = message if message is not None else self.title
        self.field = field
        self.facts: Mapping[str, Any] = facts
        if code:
            self.code = code


class Invalid(AppError):
    """Input that cannot be taken; `fields` maps field names to lists of messages."""

    status = 422
    code = "invalid"
    title = _l("Not saved yet: some entries need to be corrected")

    def __init__(
        self,
        message: Any = None,
        field: str | None = None,
        *,
        fields: Mapping[str, Any] | None = None,
        code: str | None = None,
        **facts: Any,
    ) -> None:
        super().__init__(message, field, code=code, **facts)
        self.fields: dict[str, Any] = dict(fields or {})
        if field and field not in self.fields:
            self.fields[field] = [self.message]


class NotSignedIn(AppError):
    """No valid session or token."""

    status = 401
    code = "not_signed_in"
    title = _l("Please sign in")


class ProofNeeded(AppError):
    """Signed in, but this act wants a proof of who acts that is not older than `seconds` (RFC 9470)."""

    status = 401
    code = "proof_needed"
    title = _l("Show once more that it is you")

    def __init__(self, *, seconds: int) -> None:
        super().__init__(_l("This needs a fresh proof. For the API: make a new token with the password (POST /api/v1/tokens)."))
        self.seconds = seconds


class Forbidden(AppError):
    """Inside my scope, but not permitted to my role."""

    status = 403
    code = "forbidden"
    title = _l("Your role may not do this")


class PasswordOver(Forbidden):
    """Signed in with a password that is older than the rules allow: nothing opens before it is changed."""

    code = "password_over"
    title = _l("Change your password first")


class NotFound(AppError):
    """Absent, or outside my scope: the two look the same."""

    status = 404
    code = "not_found"
    title = _l("Nothing here for you")


class Conflict(AppError):
    """The row's present state does not allow this, or somebody saved meanwhile."""

    status = 409
    code = "conflict"
    title = _l("This cannot be done as things stand")


class Gone(AppError):
    """Was there, is no longer."""

    status = 410
    code = "gone"
    title = _l("This is no longer available")


class TooLarge(AppError):
    """A body above the limit."""

    status = 413
    code = "too_large"
    title = _l("This is too large to be taken")


class PreconditionRequired(AppError):
    """A change without the version it is based on."""

    status = 428
    code = "version_required"
    title = _l("Say which version you are changing")


class TooMany(AppError):
    """Too fast; `retry_after` is in seconds."""

    status = 429
    code = "too_many"
    title = _l("Too many attempts; please wait")

    def __init__(self, message: Any = None, *, retry_after: int = 60, code: str | None = None) -> None:
        super().__init__(message, code=code)
        self.retry_after = retry_after


class Unavailable(AppError):
    """The answer could not be given safely, for instance because the trail could not be written."""

    status = 503
    code = "unavailable"
    title = _l("Please try again in a moment")
