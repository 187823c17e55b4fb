"""Numbers of documents: one spelling, birth date and sex where they stand in it, and a stable reason when it cannot be right.

Nothing here knows a person; a number never appears in a message. Which document kinds exist is the list `document_kind`.
"""

from caseapp.core.identity_numbers.citizen import check_digit
from caseapp.core.identity_numbers.kinds import CHECKERS, check
from caseapp.core.identity_numbers.number import IdentityNumber
from caseapp.core.identity_numbers.words import MESSAGES, WARNINGS, BadIdentityNumber

__all__ = ["CHECKERS", "MESSAGES", "WARNINGS", "BadIdentityNumber", "IdentityNumber", "check", "check_digit"]
