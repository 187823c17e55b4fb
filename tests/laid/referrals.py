"""Referrals around a case: what went out from it, in every stage a verb asks for, and what came in from elsewhere."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from caseapp.core import clock
from caseapp.models import casework as c
from caseapp.queries.casework.referrals import packet
from tests.cast import Cast
from tests.laid.added import added

# where nobody looks who looks at the place too: Chen supervises Riverside and Hillside, so what is of Faraway stays there
ELSEWHERE = {"Riverside": "Faraway", "Hillside": "Faraway", "Faraway": "Faraway"}


def around(session: Session, cast: Cast, station: str, case: c.Case) -> dict[str, UUID]:
    """Ids by what stands where: out (draft, sent, outside, taken in there) and in (sent, taken in here)."""
    other = ELSEWHERE[station]
    out = {"case": case, "sender": (station, case.worker_id), "receiver": other}
    body = _body(session, cast, station)
    ids = {
        "referral_id": _referral(session, cast, "sent", **out),
        "draft_referral_id": _referral(session, cast, "draft", **out, kind="outside", body_id=_body(session, cast, station)),
        "outside_referral_id": _referral(session, cast, "sent", **out, kind="outside", body_id=body),
        "to_go_id": _referral(session, cast, "accepted", **out, case_to_go=True),
        "body_id": body,
        "other_station_id": cast.places["Hillside" if station != "Hillside" else "Riverside"],
    }
    there = "fay" if station == "Faraway" else "far"
    came = {"case": case, "sender": (other, cast.users[there]), "receiver": station, "assigned_to_id": case.worker_id}
    return ids | {
        "incoming_id": _referral(session, cast, "sent", **came),
        "taken_id": _referral(session, cast, "accepted", **came, to_client_id=case.client_id),
    }


def unanswered(session: Session, cast: Cast, station: str, case: c.Case, answer_by: date) -> UUID:
    """One that a station sent and nobody has answered."""
    sender = (station, case.worker_id)
    return _referral(session, cast, "sent", case, sender, ELSEWHERE[station], answer_by=answer_by)


def _body(session: Session, cast: Cast, station: str) -> UUID:
    row = c.OutsideBody(
        organisation_id=cast.places[station],
        path=cast.paths[station],
        kind="hospital",
        name=f"{station} hospital",
        created_at=clock.now(),
    )
    return added(session, row)


def _referral(
    session: Session,
    cast: Cast,
    status: str,
    case: c.Case,
    sender: tuple[str, Any],
    receiver: str,
    kind: str = "station",
    **more: Any,
) -> UUID:
    station, by = sender
    is_out = cast.paths[station] == case.station_path
    row = c.Referral(
        referral_no=f"R-{case.id.hex[-6:]}-{session.query(c.Referral).count():04d}",
        kind=kind,
        status=status,
        from_station_id=cast.places[station],
        from_path=cast.paths[station],
        to_station_id=None if kind == "outside" else cast.places[receiver],
        to_path=None if kind == "outside" else cast.paths[receiver],
        to_domain="elderly",
        klass=case.klass,
        file_id=case.id if is_out else UUID(int=case.id.int ^ 1),  # a file that nobody here knows
        reached=status != "draft" and kind != "outside",
        sent_at=clock.now() if status != "draft" else None,
        sent_by_id=by if status != "draft" else None,
        answer_by=more.pop("answer_by", clock.today()),
        created_at=clock.now(),
        created_by_id=by,
        **more,
    )
    key = added(session, row)
    if is_out:
        request = c.ReferralRequest(
            referral_id=key,
            case_id=case.id,
            client_id=case.client_id,
            sections=["person", "risk"],
            basis="consent",
            signed_on=clock.today(),
            created_at=clock.now(),
        )
        request.reason = "Moves to her daughter"
        added(session, request, case)
    if status != "draft":
        frozen_packet(session, row, by)
    return key


def frozen_packet(session: Session, row: c.Referral, by: Any, reason: str = "Moves to her daughter") -> None:
    """What was handed over: who it is, and the risk."""
    told = {"name": "王来", "other_names": None, "is_unidentified": False, "features": None, "sex": "2", "birth_on": "1945-03-02"}
    told |= {"birth_precision": "day", "ethnic": "01", "education": None, "marital": None, "residence_code": None}
    told |= {"residence": None, "registered_code": None, "registered": None, "safe_contact": None}
    content = {
        "schema": packet.SCHEMA,
        "referral_no": row.referral_no,
        "from": "A station",
        "domain": "elderly",
        "urgency": "ordinary",
        "reason": reason,
        "need": None,
        "papers": None,
        "case_goes": False,
        "moves": False,
        "ground": {"basis": "consent", "signer": "self", "channel": "paper", "signed_on": "2026-11-01", "child_heard": None},
        "sections": {"person": told, "risk": {"risk": "green", "risk_reason": None}},
    }
    kept = c.ReferralPacket(
        referral_id=row.id, schema_version=1, digest=packet.digest(content), made_at=clock.now(), made_by_id=by
    )
    kept.content = content
    for name in ("from_path", "to_path", "klass", "file_id", "reached", "assigned_to_id"):
        setattr(kept, name, getattr(row, name))
    added(session, kept)
