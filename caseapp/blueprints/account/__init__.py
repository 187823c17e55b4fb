"""Signing in and out, the own account, language and role; unfinished notes; health of the process."""

from caseapp.blueprints.account import drafts, factor, health, own, prove, sign_in  # noqa: F401 - views register themselves
from caseapp.blueprints.account.blueprint import bp

__all__ = ["bp"]
