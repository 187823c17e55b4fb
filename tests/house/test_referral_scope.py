"""Lock 2 on what two stations share: who sees the line, the packet and the sender's wish of a referral, by class and state."""

from typing import Any

import pytest
from sqlalchemy import select, update
from uuid_utils.compat import uuid7

from caseapp.access import guard
from caseapp.access.system import system_session
from caseapp.core import clock
from caseapp.extensions import db
from caseapp.models import casework as c
from caseapp.queries.casework.referrals import boxes
from tests import rows

# Bo of Riverside sent to Hillside: one of each class, one draft, one that is over, one given to Eve
MADE = {
    "plain": ("P2", True, True, None),
    "minor": ("minor", True, True, None),
    "hidden": ("P3", True, True, None),
    "given": ("P3", True, True, "eve"),
    "draft": ("P2", False, False, None),
    "over": ("P2", True, False, None),
}
LINES = {
    "ann": set(MADE),
    "bo": set(MADE),
    "ben": {"plain", "minor", "draft", "over"},
    "tao": {"plain", "minor", "draft", "over"},
    "chen": {"plain", "minor", "draft", "over"},
    "hal": set(MADE) - {"draft"},
    "eve": {"plain", "minor", "given", "over"},
}
PACKETS = {
    "ann": set(MADE),
    "bo": set(MADE),
    "ben": {"plain", "draft", "over"},
    "tao": {"plain", "draft", "over"},
    "chen": {"plain", "draft", "over"},
    "hal": {"plain", "minor", "hidden", "given"},
    "eve": {"plain", "given"},
}
WISHES = {"ann": set(MADE), "bo": set(MADE), "ben": {"plain", "draft", "over"}, "tao": {"plain", "draft", "over"}}
WISHES["chen"] = WISHES["tao"]
EVERYBODY = [
    "ann",
    "bo",
    "ben",
    "tao",
    "chen",
    "hal",
    "eve",
    "far",
    "fay",
    "cora",
    "cyr",
    "pia",
    "sam",
    "sec",
    "dee",
    "con",
    "val",
]


@pytest.fixture
def laid(app: Any, cast: Any) -> None:
    """The six, each of a person and case of its own."""
    with system_session("test rows", write=True) as session:
        for name, (klass, reached, readable, given) in MADE.items():
            person = rows.client(
                session, cast, "Riverside", name, klass="minor" if klass == "minor" else "P2", worker_id=cast.users["bo"]
            )
            case = rows.case(session, person, cast.users["bo"], klass=klass)
            shared = {
                "from_path": cast.paths["Riverside"],
                "to_path": cast.paths["Hillside"],
                "klass": klass,
                "file_id": case.id,
                "assigned_to_id": cast.users[given] if given else None,
            }
            row = c.Referral(
                referral_no=name,
                kind="station",
                status="sent" if reached else "draft",
                from_station_id=cast.places["Riverside"],
                to_station_id=cast.places["Hillside"],
                reached=reached,
                created_at=clock.now(),
                **shared,
            )
            session.add(row)
            session.flush()
            packet = c.ReferralPacket(
                referral_id=row.id,
                schema_version=1,
                digest=name,
                made_at=clock.now(),
                made_by_id=cast.users["bo"],
                reached=readable,
                **shared,
            )
            packet.content = {"sections": {"person": {"name": name}}}
            wish = c.ReferralRequest(
                id=uuid7(),
                referral_id=row.id,
                case_id=case.id,
                client_id=person.id,
                sections=[],
                basis="consent",
                signed_on=clock.today(),
                paper_place=name,
                created_at=clock.now(),
            )
            wish.belongs_to(case)
            session.add_all([packet, wish])


@pytest.mark.parametrize("name", EVERYBODY)
def test_who_sees_line_packet_and_wish(laid: None, as_: Any, name: str) -> None:
    actor = as_(name)
    assert set(db.session.scalars(select(c.Referral.referral_no))) == LINES.get(name, set())
    assert set(db.session.scalars(select(c.ReferralPacket.digest))) == PACKETS.get(name, set())
    assert set(db.session.scalars(select(c.ReferralRequest.paper_place))) == WISHES.get(name, set())
    db.session.rollback()
    held = {row.referral_no for which in ("in", "out") for row in boxes.box(actor, which, None).items}
    assert held == LINES.get(name, set()) or name in ("tao", "chen")  # their boxes hold what their stations sent
    assert held <= LINES.get(name, set())


def test_who_stands_on_neither_side_writes_nothing_there(laid: None, as_: Any, cast: Any) -> None:
    as_("far")
    db.session.add(
        c.Referral(
            referral_no="X",
            kind="station",
            from_station_id=cast.places["Riverside"],
            from_path=cast.paths["Riverside"],
            to_path=cast.paths["Hillside"],
            klass="P2",
            file_id=uuid7(),
            created_at=clock.now(),
        )
    )
    with pytest.raises(guard.ScopeError):
        db.session.flush()


def test_bulk_writes_of_a_receiver_stay_with_what_it_sees(laid: None, as_: Any) -> None:
    as_("eve")
    assert db.session.execute(update(c.ReferralPacket).values(schema_version=1)).rowcount == len(PACKETS["eve"])
