"""The cast: named people whose places and roles never change, so that tests read as stories.

Riverside and Hillside are two stations of one county (their townships differ), Faraway lies in another city.
Ann heads Riverside, Bo and Ben work there, Chen supervises Riverside and Hillside, Tao is the township of Riverside, Cora the county,
Cyr the city, Pia and Pat the province (one checks what the other prepares), Dee audits the county, Sam administers accounts (Sid those of the county only), Sec security; Eve
works in Hillside, Hal heads it, Far works in Faraway: the strangers. Con manages the contractor, Val evaluates.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from caseapp.access import identity
from caseapp.adapters import passwords
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.models import organisation as o

PASSWORD = "cast-password"
HASH = passwords.hashed(PASSWORD)
LONG_AGO = date(2024, 1, 1)

PLACES = {  # name: (kind, parent, path, division code, official name)
    "province": ("province", None, "/22/", "220000000000", "Province bureau"),
    "city": ("city", "province", "/22/2224/", "222400000000", "City bureau"),
    "othercity": ("city", "province", "/22/2201/", "220100000000", "Other city bureau"),
    "county": ("county", "city", "/22/2224/222403/", "222403000000", "County bureau"),
    "othercounty": ("county", "othercity", "/22/2201/220122/", "220122000000", "Other county bureau"),
    "rivertown": ("township", "county", "/22/2224/222403/222403101/", "222403101000", "River township"),
    "hilltown": ("township", "county", "/22/2224/222403/222403102/", "222403102000", "Hill township"),
    "fartown": ("township", "othercounty", "/22/2201/220122/220122100/", "220122100000", "Far township"),
    "Riverside": ("station", "rivertown", "/22/2224/222403/222403101/s1/", "222403101000", "Riverside station"),
    "Hillside": ("station", "hilltown", "/22/2224/222403/222403102/s1/", "222403102000", "Hillside station"),
    "Faraway": ("station", "fartown", "/22/2201/220122/220122100/s1/", "220122100000", "Faraway station"),
    "contractor": ("contractor", None, "/c/one/", None, "One contractor"),
}
VILLAGES = {"222403101201": ("East village", "222403101000"), "222403101202": ("West village", "222403101000")}
PEOPLE = {  # name: (role, places)
    "ann": ("station_head", ("Riverside",)),
    "bo": ("worker", ("Riverside",)),
    "ben": ("worker", ("Riverside",)),
    "chen": ("supervisor", ("Riverside", "Hillside")),
    "tao": ("township_supervisor", ("rivertown",)),
    "cora": ("county_officer", ("county",)),
    "cyr": ("city_officer", ("city",)),
    "pia": ("province_officer", ("province",)),
    "pat": ("province_officer", ("province",)),
    "dee": ("auditor", ("county",)),
    "sam": ("system_admin", ("province",)),
    "sid": ("system_admin", ("county",)),
    "sec": ("security_admin", ("province",)),
    "con": ("contractor_manager", ("contractor",)),
    "val": ("evaluator", ("county",)),
    "eve": ("worker", ("Hillside",)),
    "hal": ("station_head", ("Hillside",)),
    "far": ("worker", ("Faraway",)),
    "fay": ("station_head", ("Faraway",)),
    "oto": ("county_officer", ("othercounty",)),
    "ned": ("", ()),  # an account without a grant
}


@dataclass
class Cast:
    """Ids of the places and people; `actor(name)` under their one grant."""

    places: dict[str, UUID] = field(default_factory=dict)
    paths: dict[str, str] = field(default_factory=dict)
    users: dict[str, UUID] = field(default_factory=dict)
    grants: dict[str, UUID] = field(default_factory=dict)

    def actor(self, name: str, session: Any = None) -> Actor:
        """The actor of a person of the cast (read anew, so that open files are up to date)."""
        from caseapp.extensions import db

        found = identity.for_grant(session or db.session, self.users[name], self.grants[name], clock.today())
        assert found is not None
        return found


def write(session: Session) -> Cast:
    """Writes the cast into an empty database, in a system session; the caller commits."""
    cast, now = Cast(), clock.now()
    for name, (_kind, parent, _path, code, _label) in PLACES.items():
        if code and not session.get(o.Division, code):
            level = _kind if _kind not in ("station", "contractor") else "township"
            above = PLACES[parent][3] if parent else None
            session.add(
                o.Division(
                    code=code, name=name, level=level, parent_code=above, source="cast", counts_for_coverage=level == "township"
                )
            )
            session.flush()
    for code, (label, township) in VILLAGES.items():
        session.add(o.Division(code=code, name=label, level="village", parent_code=township, source="cast"))
    session.flush()
    for name, (kind, parent, path, code, label) in PLACES.items():
        row = o.Organisation(
            kind=kind,
            name=label,
            short_name=label,
            path=path,
            division_code=code,
            parent_id=cast.places.get(parent or ""),
            created_at=now,
            opened_on=LONG_AGO if kind == "station" else None,
        )
        session.add(row)
        session.flush()
        cast.places[name], cast.paths[name] = row.id, path
    for name, (role, places) in PEOPLE.items():
        home = cast.paths[places[0]] if places else "/22/"
        user = o.User(username=name, name=name.title(), home_path=home, created_at=now, language="en")
        session.add(user)
        session.flush()
        session.add(o.Credential(user_id=user.id, password_hash=HASH, changed_at=now))
        cast.users[name] = user.id
        if not role:
            continue
        grant = o.Grant(
            user_id=user.id,
            role=role,
            organisation_id=cast.places[places[0]],
            state="active",
            from_on=LONG_AGO,
            reason="cast",
            proposed_at=now,
        )
        session.add(grant)
        session.flush()
        session.add_all(o.GrantPlace(grant_id=grant.id, organisation_id=cast.places[p], path=cast.paths[p]) for p in places)
        cast.grants[name] = grant.id
    session.flush()
    return cast
