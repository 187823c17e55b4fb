"""The trail for auditors, and "who saw this file" for heads."""

from caseapp.blueprints.audit import entries, export, reading
from caseapp.blueprints.audit.blueprint import bp

__all__ = ["bp", "entries", "export", "reading"]
