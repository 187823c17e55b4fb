"""What a small demo may not have between stations and between records, laid for the crawl: see `furnish.py`."""

from datetime import timedelta
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from caseapp.core import clock
from caseapp.models import casework as c


def referred(session: Session, path: str) -> list[str]:
    """A referral of each kind and state that the station sent or receives, and a register of bodies of its own."""
    row = c.Referral
    query = select(func.min(row.id)).where(or_(row.from_path == path, row.to_path == path))
    found = session.scalars(query.group_by(row.kind, row.status, row.from_path == path, row.klass, row.case_to_go)).all()
    return [f"/referrals/{key}" for key in sorted(found)]


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
