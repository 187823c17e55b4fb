"""The class of a person's rows: minor until the 18th birthday, else P2; and moving every row when it changes.

P3 is the class of a restricted case (its tags and narratives live there), never of the person's own line, so that a
station still knows who is on file (contract.md section 5, *classes*).
"""

from datetime import date

from sqlalchemy import or_, select, update

from caseapp import reference
from caseapp.access import policy
from caseapp.access.permissions import Permission
from caseapp.access.scope import FILED
from caseapp.core import clock, dates
from caseapp.core.actor import Actor
from caseapp.core.errors import Conflict
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.casework import Case, Client, HouseholdMember, Visit, VisitPerson
from caseapp.services.casework.clients import access
from caseapp.services.trust import audit

UNKNOWN_AGE = "P2"


def class_for(birth_on: date | None) -> str:
    """minor below the age of 18 (settings `client.minor_age`), P2 otherwise and when the birth is not known."""
    if birth_on is None:
        return UNKNOWN_AGE
    return "minor" if dates.age_on(birth_on, clock.today()) < reference.default("client.minor_age") else "P2"


def reclass(client: Client, actor: Actor) -> None:
    """Brings the class of every row of the person up to date, and who may open the files; restricted cases stay restricted."""
    wanted = class_for(client.birth_on)
    # known to be a child, only not how old: nobody grows up by a date that is missing
    stays = client.klass in (wanted, "P3") or (client.birth_on is None and client.klass == "minor")
    if not stays:
        with access.everything_of(client):
            _move(client, wanted)
            access.assign(client, [client.worker_id], actor)
            for case in db.session.scalars(select(Case).where(Case.client_id == client.id, Case.klass == wanted)):
                access.assign(case, access.team_of(case), actor)
    access.admit(actor, client)


def _move(client: Client, wanted: str) -> None:
    before, client.klass = client.klass, wanted
    db.session.flush()
    cases = db.session.query(Case.id).where(Case.client_id == client.id, Case.klass == before).scalar_subquery()
    for model in FILED:
        if model in (Client, Case):
            continue
        mine = model.file_id == client.id
        if model is HouseholdMember:
            mine = model.client_id == client.id
        rows = update(model).where(or_(mine, model.file_id.in_(cases)), model.klass == before)
        db.session.execute(rows.values(klass=wanted), execution_options={"synchronize_session": False})
    if wanted == "minor":  # a visit of several has the class of its strictest person
        theirs = select(VisitPerson.visit_id).where(VisitPerson.client_id == client.id)
        shut = update(Visit).where(Visit.id.in_(theirs), Visit.klass.in_(("P1", "P2"))).values(klass=wanted, file_id=client.id)
        db.session.execute(shut, execution_options={"synchronize_session": False})
    own = update(Case).where(Case.client_id == client.id, Case.klass == before).values(klass=wanted)
    db.session.execute(own, execution_options={"synchronize_session": False})


def come_of_age(client: Client, actor: Actor) -> Client:
    """The file of somebody who has turned 18 is filed as an adult's: the station reads it like any other from now on.

    Needs client:write over the file; refuses one who is still under age, or whose age is not known. Restricted cases stay so.
    """
    policy.require(actor, Permission.CLIENT_WRITE, client)
    if client.klass != "minor" or client.birth_on is None or class_for(client.birth_on) == "minor":
        raise Conflict(_l("This is not the file of somebody who has come of age."), code="wrong_state")
    reclass(client, actor)
    audit.record(db.session, "client.came_of_age", client)
    db.session.flush()
    return client
