"""Signing in and out, the own account, language and role; unfinished notes; health of the process."""

from caseapp.blueprints.account.blueprint import bp
from caseapp.blueprints.account import drafts, health, own, sign_in  # noqa: E402,F401,I001 - views register themselves

__all__ = ["bp"]
