"""A match with another station, and a record that was joined to a person and can come back."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from caseapp.core import clock
from caseapp.models import casework as c
from tests import rows
from tests.cast import Cast
from tests.laid.added import added


def twice(session: Session, cast: Cast, station: str, person: c.Client) -> dict[str, UUID]:
    """The ids of both."""
    other = "Hillside" if station != "Hillside" else "Riverside"
    known = rows.client(session, cast, station, f"{person.name} elsewhere", worker_id=person.worker_id, klass=person.klass)
    match = c.StationMatch(client_id=known.id, pair_id=uuid7(), other_station_id=cast.places[other], found_at=clock.now())
    gone = rows.client(session, cast, station, f"{person.name} again", worker_id=person.worker_id)
    gone.state, gone.merged_into_id = "merged", person.id
    merge = c.ClientMerge(
        kept_id=person.id,
        gone_id=gone.id,
        leads_to_id=person.id,
        gone_file_no=gone.file_no,
        made_at=clock.now(),
        undo_until=clock.today() + timedelta(days=30),
        rows=0,
    )
    merge.images = [
        {
            "table": "client",
            "id": str(gone.id),
            "op": "u",
            "row": {"state": ["on_file", "merged"], "merged_into_id": [None, {"u": str(person.id)}]},
        }
    ]
    return {"match_id": added(session, match, known), "merge_id": added(session, merge, person)}
