"""What a station promised to residents and is to do by a day: answers to requests, and what meetings decided."""

from collections.abc import Iterator

from caseapp.queries.casework.duties import Duty, Whose
from caseapp.queries.details.governance import meetings, requests

CODE = "governance"


def duties(whose: Whose) -> list[Duty]:
    """Everything that falls due until a day: two statements; none of it hangs on the file of a person or case."""
    if whose.client is not None or whose.case is not None:
        return []
    return [*_requests(whose), *_meetings(whose)]


def _requests(whose: Whose) -> Iterator[Duty]:
    for row in requests.live_until(whose.until, whose.workers, whose.late_of_all):
        yield Duty("resident_request", row.due_on, row.number, row.client_id, f"{CODE}.request", {"request_id": row.id}, CODE)


def _meetings(whose: Whose) -> Iterator[Duty]:
    for row in meetings.to_follow(whose.until, whose.workers, whose.late_of_all):
        on = row.follow_up_on
        if on is not None:
            yield Duty("meeting_follow_up", on, row.subject, None, f"{CODE}.meeting", {"meeting_id": row.id}, CODE)
