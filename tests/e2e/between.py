"""What a small demo may not have between stations and between records, laid for the crawl: see `furnish.py`."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from caseapp.core import clock
from caseapp.models import casework as c
from caseapp.models import organisation as o
from tests.laid.referrals import frozen_packet


def referred(session: Session, path: str) -> list[str]:
    """A referral of each kind and state that the station sent or receives, and a register of bodies of its own."""
    row = c.Referral
    query = select(func.min(row.id)).where(or_(row.from_path == path, row.to_path == path))
    found = session.scalars(query.group_by(row.kind, row.status, row.from_path == path, row.klass, row.case_to_go)).all()
    return [f"/referrals/{key}" for key in sorted(found)]


def come_in(session: Session, station: Any, by: UUID) -> list[str]:
    """A referral that came in from a neighbour and waits for its answer; whether a small demo has one hangs on the day."""
    other = session.scalars(
        select(o.Organisation)
        .where(o.Organisation.kind == "station", o.Organisation.id != station.id)
        .order_by(o.Organisation.path)
    ).first()
    row = c.Referral(
        referral_no=f"R-{uuid7()}",
        kind="station",
        status="sent",
        from_station_id=other.id,
        from_path=other.path,
        to_station_id=station.id,
        to_path=station.path,
        to_domain="elderly",
        klass="P2",
        file_id=uuid7(),
        reached=True,
        sent_at=clock.now(),
        sent_by_id=by,
        answer_by=clock.today(),
        created_at=clock.now(),
        created_by_id=by,
    )
    session.add(row)
    session.flush()
    frozen_packet(session, row, by, "搬到女儿家住")
    return [f"/referrals/{row.id}"]


def body(session: Session, station: Any) -> list[str]:
    """A body outside that the station registered itself."""
    row = c.OutsideBody(organisation_id=station.id, path=station.path, kind="hospital", name="县康复中心", created_at=clock.now())
    session.add(row)
    session.flush()
    return [f"/referrals/bodies/{row.id}"]


def joined(session: Session, kept: c.Client, gone: c.Client) -> list[str]:
    """Two records that were joined and can be taken apart again."""
    gone.state, gone.merged_into_id, gone.next_visit_on = "merged", kept.id, None
    row = c.ClientMerge(
        id=uuid7(),
        kept_id=kept.id,
        gone_id=gone.id,
        leads_to_id=kept.id,
        gone_file_no=gone.file_no,
        made_at=clock.now(),
        undo_until=clock.today() + timedelta(days=30),
        rows=0,
    )
    row.belongs_to(kept)
    change: dict[str, Any] = {"state": ["on_file", "merged"], "merged_into_id": [None, {"u": str(kept.id)}]}
    row.images = [{"table": "client", "id": str(gone.id), "op": "u", "row": change}]
    session.add(row)
    session.flush()
    return [f"/duplicates/merges/{row.id}/undo"]
