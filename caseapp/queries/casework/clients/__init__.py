"""Reading persons on file: one, the list, the search, what a file page shows."""

from caseapp.queries.casework.clients.one import detailed, named, one, opened

__all__ = ["detailed", "named", "one", "opened"]
