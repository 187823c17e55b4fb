"""The trail: what a transaction changed and which persons an answer showed, gathered from the session itself.

Changes cannot be forgotten, because they are read from the flush; reads cannot, because every load of a person's row
is noted. Queries that select columns instead of entities must call `saw`. Values: P1 before and after, everything else
as a field name with a keyed digest, free text as a name only.
"""

from caseapp.services.trust.audit import gather as _gather  # noqa: F401 - hangs its listeners on the session
from caseapp.services.trust.audit.unit import begin, opened, record, record_rows, saw, search_digest, sought
from caseapp.services.trust.audit.write import finish, note_reads, refused, signed, tell_other_side

__all__ = [
    "begin",
    "finish",
    "note_reads",
    "opened",
    "record",
    "record_rows",
    "refused",
    "saw",
    "search_digest",
    "signed",
    "sought",
    "tell_other_side",
]
