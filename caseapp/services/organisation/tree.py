"""Verbs on the tree: stations, service points and contractors; renaming, moving and closing what stands in it."""

from typing import Any

from sqlalchemy import select

from caseapp import reference
from caseapp.access import policy
from caseapp.access.outside import lifted
from caseapp.access.paths import rewrite
from caseapp.access.permissions import Permission as P
from caseapp.access.system import system_session
from caseapp.core import clock, phones
from caseapp.core.actor import Actor
from caseapp.core.errors import Conflict, Invalid
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models import organisation as o
from caseapp.models.casework import Enrolment
from caseapp.queries.organisation import tree as queries
from caseapp.reference import naming
from caseapp.schemas.organisation import tree as c
from caseapp.services.organisation import names
from caseapp.services.trust import audit
from caseapp.services.versions import expect_version

PARENTS = {
    "station": ("township", "management_area"),
    "service_point": ("station",),
    "township": ("county", "management_area"),
    "county": ("province", "city", "management_area"),  # one may report to another than its division's parent
    "city": ("province",),
    "management_area": ("province", "city"),
}


def open_station(command: c.OpenStation, parent: o.Organisation, actor: Actor) -> o.Organisation:
    """Opens a station with its official name, or another one with the reason why.

    For an administrator of the place. Refuses a parent that can hold no station, a closed one, an unknown host or
    contractor, a changed name without a reason.
    """
    policy.require(actor, P.ORGANISATION_MANAGE, parent)
    _may_hold("station", parent)
    name, short = official_station_name(parent)
    return _open("station", "s", parent, parent.division_code, (name, short), command, actor)


def open_point(command: c.OpenPoint, station: o.Organisation, actor: Actor) -> o.Organisation:
    """Opens a service point of a station in a village of its township, named like `open_station`."""
    policy.require(actor, P.ORGANISATION_MANAGE, station)
    _may_hold("service_point", station)
    village = db.session.get(o.Division, command.division_code)
    if village is None or village.level != "village" or village.parent_code != station.division_code or village.to_on:
        raise Invalid(_l("Choose a village or community of this township."), "division_code")
    township = queries.parent_of(station)
    names = naming.point_name(queries.place_name(township), village.name, command.ending)
    return _open("service_point", "p", station, village.code, names, command, actor)


def _open(
    kind: str, mark: str, parent: o.Organisation, code: str | None, names: tuple[str, str], command: Any, actor: Actor
) -> Any:
    _check_host(kind, command.host)
    contractor = getattr(command, "contractor_id", None)
    _check_contractor(contractor, actor)
    own = command.name if command.name and command.name != names[0] else None
    if own and not command.name_reason:
        raise Invalid(_l("The official name is %(name)s. Say why this one differs.", name=names[0]), "name_reason")
    row = o.Organisation(
        kind=kind,
        name=own or names[0],
        short_name=names[1],
        name_reason=command.name_reason if own else None,
        parent_id=parent.id,
        path=f"{parent.path}{mark}{queries.next_number(parent, mark)}/",
        division_code=code,
        contractor_id=contractor,
        host=command.host,
        opened_on=command.opened_on,
        created_at=clock.now(),
        created_by_id=actor.user_id,
    )
    put(row)
    audit.record(db.session, f"organisation.{kind}_opened", row)
    return row


def put(row: o.Organisation) -> None:
    """A new place. SQLite looks through all that may point to it, people's rows too, where a trigger hangs on the table."""
    with lifted("a new place: the database looks for what points to it"):
        db.session.add(row)
        db.session.flush()


def official_station_name(parent: o.Organisation) -> tuple[str, str]:
    """The name a station under this node must have (S-4.13), official and short."""
    above = queries.parent_of(parent)
    county = queries.place_name(above) if above is not None and above.kind == "county" else ""
    return naming.station_name(county, queries.place_name(parent))


def register_contractor(command: c.RegisterContractor, buyer: o.Organisation, actor: Actor) -> o.Organisation:
    """Puts a contractor on file, or finds it by its credit code, and notes that this bureau buys from it.

    For an administrator of the buying bureau. Refuses a buyer that is no bureau or township, and a double purchase.
    """
    policy.require(actor, P.ORGANISATION_MANAGE, buyer)
    if buyer.kind not in ("province", "city", "county", "management_area", "township"):
        raise Invalid(_l("Only a bureau or a township buys services."), "buyer_id")
    now = clock.now()
    row = db.session.scalar(select(o.Organisation).where(o.Organisation.credit_code == command.credit_code))
    if row is None:
        row = o.Organisation(
            kind="contractor",
            name=command.name,
            short_name=command.name[:60],
            path=f"/c/{command.credit_code.lower()}/",
            credit_code=command.credit_code,
            created_at=now,
            created_by_id=actor.user_id,
        )
        put(row)
    elif row.name != command.name:
        raise Invalid(_l("This credit code belongs to %(name)s.", name=row.name), "name")
    known = select(o.Purchase.id).where(o.Purchase.contractor_id == row.id, o.Purchase.organisation_id == buyer.id)
    if db.session.scalar(known) is not None:
        raise Conflict(_l("This bureau already buys from it."), "credit_code")
    db.session.add(o.Purchase(contractor_id=row.id, organisation_id=buyer.id, from_on=command.from_on))
    db.session.flush()
    audit.record(db.session, "organisation.contractor_registered", buyer)
    return row


def edit(command: c.EditOrganisation, row: o.Organisation, actor: Actor) -> o.Organisation:
    """Changes name, host and contractor of a station or point, or the name of a contractor.

    A name that differs from the official one needs a reason. Refuses an office, a closed place, a stale version.
    """
    policy.require(actor, P.ORGANISATION_MANAGE, row)
    expect_version(row, command.version)
    if row.kind not in ("station", "service_point", "contractor"):
        raise Conflict(_l("Offices of divisions are renamed by importing the change of the division."))
    if row.closed_on is not None:
        raise Conflict(_l("It is closed already."))
    _check_host(row.kind, command.host)
    _check_contractor(command.contractor_id, actor)
    official = queries.official_names(row)
    if official and command.name not in official and not command.name_reason:
        raise Invalid(_l("The official name is %(name)s. Say why this one differs.", name=official[0]), "name_reason")
    row.name, row.short_name, row.host, row.contractor_id = command.name, command.short_name, command.host, command.contractor_id
    row.phone = phones.normalise(command.phone) if command.phone else None
    row.name_reason = None if not official or command.name in official else command.name_reason
    row.updated_at = clock.now()
    audit.record(db.session, "organisation.edited", row)
    db.session.flush()
    return row


def move(command: c.MoveOrganisation, row: o.Organisation, parent: o.Organisation, actor: Actor) -> o.Organisation:
    """Puts a node with all below it under another parent and rewrites the path of its subtree and of every row there.

    For an administrator of both places. Refuses a parent of the wrong kind, one below the node itself, a closed one,
    and a stale version. Generated names follow; sessions and tokens of grants below see the new place from their next request.
    """
    policy.require(actor, P.ORGANISATION_MANAGE, row)
    policy.require(actor, P.ORGANISATION_MANAGE, parent)
    expect_version(row, command.version)
    if parent.id == row.parent_id:
        raise Invalid(_l("It is there already."), "parent_id")
    if parent.path.startswith(row.path):
        raise Invalid(_l("A place cannot move below itself."), "parent_id")
    _may_hold(row.kind, parent, "parent_id")
    if row.closed_on is not None:
        raise Conflict(_l("It is closed already."))
    audit.record(db.session, "organisation.moved", row, reason=command.reason)
    relocate(db.session, row, parent)
    names.below([row.path])
    return row


def relocate(session: Any, row: o.Organisation, parent: o.Organisation) -> None:
    """The move itself, for `move` and for imports: new parent, paths rewritten everywhere, nothing stale in memory."""
    own = row.path.rstrip("/").rpartition("/")[2]
    new = f"{parent.path}{own}/"
    if session.scalar(select(o.Organisation.id).where(o.Organisation.path == new)) is not None:
        mark = own.rstrip("0123456789") or own + "-"
        new = f"{parent.path}{mark}{queries.next_number(parent, mark, session)}/"
    row.parent_id, row.updated_at = parent.id, clock.now()
    if row.kind == "station":
        row.division_code = parent.division_code
    session.flush()
    _remember(session, row.path)
    rewrite(session, row.path, new)
    session.expire_all()


def _remember(session: Any, path: str) -> None:
    """Notes where the bureaus at or below a place stood: what was released of them before stays theirs to read."""
    place, now = o.Organisation, clock.now()
    below = (place.path >= path, place.path < path[:-1] + "0", place.kind.in_(("city", "management_area", "county")))
    for key, old in session.execute(select(place.id, place.path).where(*below)).all():
        session.add(o.FormerPlace(organisation_id=key, path=old, left_at=now))
    session.flush()


def close(command: c.CloseOrganisation, row: o.Organisation, actor: Actor) -> o.Organisation:
    """Closes a station, point or contractor from a day on.

    Refuses while people are on file there, while something below it or run by it is open, while grants on it are in force,
    an office of a division, a closed one, a day in the future, a stale version.
    """
    policy.require(actor, P.ORGANISATION_MANAGE, row)
    expect_version(row, command.version)
    if row.kind not in ("station", "service_point", "contractor"):
        raise Conflict(_l("Offices of divisions close by importing the change of the division."))
    if row.closed_on is not None:
        raise Conflict(_l("It is closed already."))
    if command.closed_on > clock.today():
        raise Invalid(_l("This day has not come yet."), "closed_on")
    if row.opened_on and command.closed_on < row.opened_on:
        raise Invalid(_l("It had not opened yet on that day."), "closed_on")
    if queries.open_below(row):
        raise Conflict(_l("Something below it is still open: close that first."))
    if any(station.closed_on is None for station in queries.stations_run_by(row)):
        raise Conflict(_l("It still runs stations: give them to another contractor first."))
    if anybody_on_file(row.path):
        raise Conflict(_l("People are still on file here. The station head ends or hands over their enrolments first."))
    if queries.grants_in_force(row):
        raise Conflict(_l("Roles on it are still in force: end them first."))
    row.closed_on, row.updated_at = command.closed_on, clock.now()
    audit.record(db.session, "organisation.closed", row, reason=command.reason)
    db.session.flush()
    return row


def anybody_on_file(path: str) -> bool:
    """Whether anybody is on file under a path: a yes or no for those who may see no row of a person."""
    reason = "is anybody on file here"
    with lifted(reason), system_session(reason) as session:
        query = select(Enrolment.id).where(Enrolment.to_on.is_(None))
        query = query.where(Enrolment.station_path >= path, Enrolment.station_path < path[:-1] + "0")
        return session.scalar(query.limit(1)) is not None


def _may_hold(kind: str, parent: o.Organisation, field: str = "opened_on") -> None:
    if parent.kind not in PARENTS.get(kind, ()):
        raise Invalid(_l("This place cannot stand there."), field)
    if parent.closed_on is not None:
        raise Invalid(_l("That place is closed."), field)


def _check_host(kind: str, host: str | None) -> None:
    if host is None:
        return
    wanted = "station" if kind == "station" else "point"
    if not any(code.code == host and code.facts.get("for") in (wanted, "both") for code in reference.codes("host").entries):
        raise Invalid(_l("Choose from the list."), "host")


def _check_contractor(contractor_id: Any, actor: Actor) -> None:
    """One that the administrator's places buy from."""
    if contractor_id is None:
        return
    row = db.session.get(o.Organisation, contractor_id)
    if row is None or row.kind != "contractor" or row.closed_on is not None or not actor.covers(row.path):
        raise Invalid(_l("Choose from the list."), "contractor_id")
