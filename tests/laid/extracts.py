"""Extracts of closed cases: one that Pat has made and that waits for Pia, one that is weighed, one that is handed out."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from caseapp.core import clock
from caseapp.models import statistics as s
from caseapp.reference.extracts import extract_kind
from caseapp.services.statistics.extract import files, kept, shape
from tests.cast import Cast
from tests.laid.added import added

LEVELS = {"area": 3, "sex": 1}
REPORT = {
    "cases": 1200,
    "left_out": {"community": 3, "restricted": 4, "shown": 0},
    "suppressed": 20,
    "attributes": [
        {"code": "area", "level": 3, "lost": 1.0, "moved": 0.0},
        {"code": "sex", "level": 1, "lost": 0.0, "moved": 0.01},
    ],
    "risk": {
        "k": 400,
        "average_risk": 0.002,
        "highest_risk": 0.0025,
        "area_least": 1180,
        "told": {"risk": {"distinct": 4, "entropy": 3.6, "confidence": 0.4, "closeness": 0.03}},
        "faults": [],
    },
}


def extracts(session: Session, cast: Cast, number: int) -> dict[str, UUID]:
    """Three of them, with numbers of their own for each place."""
    states = {"extract_id": "prepared", "weighed_id": "weighed", "handed_out_id": "approved"}
    pat, pia = (cast.users["pat"], "Pat"), (cast.users["pia"], "Pia")
    return {name: extract(session, pat, pia, 3 * number + turn, state) for turn, (name, state) in enumerate(states.items())}


def extract(session: Session, maker: tuple[UUID, str], checker: tuple[UUID, str], number: int, state: str) -> UUID:
    """One of the province, as far as its state says."""
    row = s.StatExtract(
        path="/22/",
        number=number,
        state=state,
        rules=extract_kind().version,
        years=["2025"],
        recipient="inside",
        recipient_name="统计局",
        purpose="laid",
        attributes=["area", "sex"],
        sensitive=["risk"],
        file_days=30,
        made_by_id=maker[0],
        made_by=maker[1],
        made_at=clock.now(),
        levels=LEVELS,
        report=REPORT,
    )
    if state != "weighed":
        chosen = kept.chosen_of(row)
        case = shape.TrueCase("00" * 16, "p", None, {"area": "222403", "sex": "1"}, {"risk": "red"})
        made = files.written(chosen, LEVELS, [case])
        kept.seal(row, "content_enc", files.archive(chosen, LEVELS, made.content, {}, ["laid"]))
        kept.keep(row, kept.handed_of(chosen, made.content, made.marks), [])
        row.measured, row.rows, row.sha256 = REPORT["risk"], 1, "0" * 64
        row.prepared_at, row.lapses_on = clock.now(), clock.today() + timedelta(days=14)
    if state == "approved":
        row.checked_by_id, row.checked_by, row.checked_at = *checker, clock.now()
        row.expires_on = clock.today() + timedelta(days=30)
    return added(session, row)
