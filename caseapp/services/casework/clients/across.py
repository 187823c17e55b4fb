"""Asking, on saving, whether other stations have the same number on file; both heads are told (`matches.py` settles it).

What whoever saved reads is the same whether something was found, nothing, or a restricted file that never answers; the
task for the heads is in their scope only. One number can be asked once by a saving, twenty times a day by a user, so that a
difference of a few statements in time tells nothing that could be measured.
"""

import hashlib
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseapp.access.system import joined
from caseapp.core import clock, dates
from caseapp.core.actor import Actor
from caseapp.extensions import db
from caseapp.models.casework import Client, StationMatch, Task
from caseapp.queries.casework.clients import across as queries
from caseapp.queries.organisation import settings
from caseapp.services.trust import audit, buckets

DAY = 86_400
TASK = "other_station"


def look(client: Client, actor: Actor) -> str | None:
    """Asks other stations by the person's citizen number: "asked", "limit" when it was too often today, None when not at all.

    Not without a ground that covers it, for nobody who is not on file, and for nobody about whom anything restricted is on
    file. A pair that was found before is not told again.
    """
    db.session.flush()
    numbers = queries.numbers_of(client.id)
    if not numbers or client.state != "on_file" or client.deceased_on is not None or not queries.may_look(client.id):
        return None
    at = settings.At(client.station_path)
    with joined("the same number at other stations") as session:
        if queries.restricted(session, [client.id]):
            return None
        most = at["duplicate.across_per_day"]
        if buckets.count(session, "across", str(actor.user_id), most=most, seconds=DAY):
            return "limit"
        found = queries.elsewhere(session, numbers, client.station_id)
        shut = queries.restricted(session, [row.id for row in found])
        for other in found:
            if other.id not in shut:
                _tell_both(session, client, other, actor)
    audit.record(db.session, "client.looked_across", client)
    return "asked"


def _tell_both(session: Session, client: Client, other: Client, actor: Actor) -> None:
    """A row and a task on each side, about the own person of that side; the trail of the other side says who asked."""
    pair = pair_of(client.id, other.id)
    audit.tell_other_side(session, actor, "client.found_across", other)
    if session.scalar(select(StationMatch.id).where(StationMatch.pair_id == pair).limit(1)) is not None:
        return
    for mine, theirs in ((client, other), (other, client)):
        days = settings.At(mine.station_path)["duplicate.answer_working_days"]
        row = StationMatch(
            client_id=mine.id,
            pair_id=pair,
            other_station_id=theirs.station_id,
            found_at=clock.now(),
            asked_here=mine is client,
            state="open",
            other_state="open",
        )
        task = Task(
            kind=TASK,
            client_id=mine.id,
            for_role="station_head",
            due_on=dates.add_working_days(clock.today(), days),
            state="open",
            created_at=clock.now(),
        )
        for made in (row, task):
            made.belongs_to(mine)
            session.add(made)
    session.flush()


def pair_of(one: UUID, other: UUID) -> UUID:
    """The same id for two records whichever of them comes first; from it neither can be told."""
    low, high = sorted((one, other))
    return UUID(bytes=hashlib.sha256(low.bytes + high.bytes).digest()[:16])
