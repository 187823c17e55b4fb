"""Administration: accounts and grants, the tree, confirmations. No page here shows or counts a person on file."""

from caseapp.blueprints.admin import accounts, asked, confirmations, controls, divisions, grants, organisations  # noqa: F401
from caseapp.blueprints.admin.blueprint import bp

__all__ = ["bp"]
