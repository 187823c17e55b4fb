"""People on file: list, search, the file of a person and what hangs on it."""

from caseapp.blueprints.clients import consents, edit, find, of_age, parts, register, several, show, stays
from caseapp.blueprints.clients.blueprint import bp

consents.register(bp)

__all__ = ["bp", "edit", "find", "of_age", "parts", "register", "several", "show", "stays"]
