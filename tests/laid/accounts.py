"""Accounts, roles and codes of a station, places to open and close, and what is a user's own: device, draft, trail."""

from base64 import b32encode
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseapp.access import identity
from caseapp.adapters import passwords
from caseapp.core import clock
from caseapp.models import casework as c
from caseapp.models import organisation as o
from caseapp.models import trust as t
from tests.cast import LONG_AGO, Cast
from tests.laid.added import added

CODE = passwords.hashed("ABCDEFGHJKLM")


def second_role(session: Session, cast: Cast) -> None:
    """Ned, who holds no role at first, may work at two stations."""
    for station in ("Riverside", "Hillside"):
        grant = o.Grant(user_id=cast.users["ned"], role="worker", organisation_id=cast.places[station], state="active")
        grant.from_on, grant.reason, grant.proposed_at = LONG_AGO, "laid", clock.now()
        added(session, grant)
        session.add(o.GrantPlace(grant_id=grant.id, organisation_id=cast.places[station], path=cast.paths[station]))


def accounts(session: Session, cast: Cast, station: str, place: str) -> dict[str, UUID]:
    """Somebody who works at the station, with a code that waits, a newcomer whose role waits, an account that is shut; places."""
    now, made = clock.now(), {}
    for name, state in ((f"old-{place}".lower(), "active"), (f"new-{place}".lower(), "proposed")):
        user = o.User(username=name, name=name.title(), home_path=cast.paths[station], created_at=now, language="en")
        added(session, user)
        session.add(o.Credential(user_id=user.id, password_hash=CODE, changed_at=now))
        grant = o.Grant(user_id=user.id, role="worker", organisation_id=cast.places[station], state=state, from_on=LONG_AGO)
        grant.reason, grant.proposed_at = "laid", now
        added(session, grant)
        session.add(o.GrantPlace(grant_id=grant.id, organisation_id=cast.places[station], path=cast.paths[station]))
        made[state] = (user, grant)
    shut = o.User(username=f"shut-{place}".lower(), name="Shut", home_path=cast.paths[station], created_at=now, disabled_at=now)
    town = session.get_one(o.Organisation, cast.places[station]).parent_id
    empty = o.Organisation(kind="station", name="Empty station", short_name="Empty", parent_id=town, created_at=now)
    empty.path = f"{cast.paths[station].removesuffix('s1/')}s{20 + len(session.scalars(select(o.Organisation.id)).all())}/"
    empty.opened_on, empty.division_code = LONG_AGO, session.get_one(o.Organisation, cast.places[station]).division_code
    user, _grant = made["active"]
    code = o.OneTimeCode(user_id=user.id, purpose="forgotten", code_hash=CODE, made_at=now, expires_at=now + timedelta(days=3))
    return {
        "user_id": user.id,
        "grant_id": made["proposed"][1].id,
        "code_id": added(session, code),
        "asked_id": reset(session, cast, user.id),
        "disabled_id": added(session, shut),
        "organisation_id": cast.places[station],
        "township_id": town,
        "empty_id": added(session, empty),
    }


def reset(session: Session, cast: Cast, user_id: UUID) -> UUID:
    """A second factor that was lost and is to be taken away."""
    now = clock.now()
    factor = o.SecondFactor(user_id=user_id, started_at=now, proved_at=now)
    factor.secret = b32encode(b"invented for tests..").decode()
    added(session, factor)
    asked = t.AskedAct(kind="factor.reset", state="waiting", path=session.get_one(o.User, user_id).home_path, reason="phone lost")
    asked.subject_id = asked.about_user_id = user_id
    asked.asked_by_id, asked.asked_role = cast.users["sam"], "system_admin"
    asked.asked_at, asked.expires_at = now, now + timedelta(days=3)
    return added(session, asked)


def own(session: Session, cast: Cast, worker: str, person: c.Client) -> dict[str, UUID]:
    """A device, a draft and a kept filter of the worker."""
    now, user, grant = clock.now(), cast.users[worker], cast.grants[worker]
    device = o.UserSession(
        user_id=user,
        token_hash=identity.digest(person.id.hex),
        grant_id=grant,
        device="phone",
        kind="web",
        started_at=now,
        seen_at=now,
    )
    draft = t.Draft(user_id=user, grant_id=grant, form="client-edit", record=str(person.id), file_id=person.file_id)
    draft.address, draft.title, draft.payload = f"/clients/{person.id}/edit", "Half a note", {"note": ["half a sentence"]}
    draft.saved_at, draft.expires_at = now, now + timedelta(days=7)
    kept = t.SavedFilter(user_id=user, grant_id=grant, listing="clients", chosen={"risk": "green"}, made_at=now)
    kept.name = "all is well"
    return {"session_id": added(session, device), "draft_id": added(session, draft), "filter_id": added(session, kept)}


def entry(session: Session, person: c.Client, worker: UUID) -> UUID:
    """A trail entry of the person's file."""
    entry = t.AuditEntry(
        at=clock.now(),
        kind="read",
        event="client.opened",
        user_id=worker,
        role="worker",
        channel="page",
        station_path=person.station_path,
        people=person.id.bytes,
        count=1,
    )
    return added(session, entry)


def change(session: Session, path: str, days: int = 30) -> UUID:
    """A change of a division below the place that waits for its day."""
    row = o.DivisionChange(code="222403101201", act="rename", state="waiting", path=path, name="New name", entered_at=clock.now())
    row.effective_on = clock.today() + timedelta(days=days)
    return added(session, row)
