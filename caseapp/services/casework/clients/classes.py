"""The class of a person's rows: minor until the 18th birthday, else P2; and moving every row when it changes.

P3 is the class of a restricted case (its tags and narratives live there), never of the person's own line, so that a
station still knows who is on file (contract.md section 5, *classes*).
"""

from datetime import date

from sqlalchemy import or_, update

from caseapp import reference
from caseapp.access import policy
from caseapp.access.permissions import Permission
from caseapp.access.scope import PERSONS
from caseapp.core import clock, dates
from caseapp.core.actor import Actor
from caseapp.core.errors import Conflict
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.casework import Case, Client, HouseholdMember
from caseapp.services.trust import audit

UNKNOWN_AGE = "P2"


def class_for(birth_on: date | None) -> str:
    """minor below the age of 18 (settings `client.minor_age`), P2 otherwise and when the birth is not known."""
    if birth_on is None:
        return UNKNOWN_AGE
    return "minor" if dates.age_on(birth_on, clock.today()) < reference.default("client.minor_age") else "P2"


def reclass(client: Client) -> None:
    """Brings the class of every row of the person up to date; restricted cases stay restricted."""
    wanted = class_for(client.birth_on)
    if client.birth_on is None and client.klass == "minor":
        return  # known to be a child, only not how old: nobody grows up by a date that is missing
    if client.klass == wanted or client.klass == "P3":
        return
    before, client.klass = client.klass, wanted
    db.session.flush()
    cases = db.session.query(Case.id).where(Case.client_id == client.id, Case.klass == before).scalar_subquery()
    for model in PERSONS:
        if model in (Client, Case):
            continue
        mine = model.file_id == client.id
        if model is HouseholdMember:
            mine = model.client_id == client.id
        rows = update(model).where(or_(mine, model.file_id.in_(cases)), model.klass == before)
        db.session.execute(rows.values(klass=wanted), execution_options={"synchronize_session": False})
    own = update(Case).where(Case.client_id == client.id, Case.klass == before).values(klass=wanted)
    db.session.execute(own, execution_options={"synchronize_session": False})


def come_of_age(client: Client, actor: Actor) -> Client:
    """The file of somebody who has turned 18 is filed as an adult's: the station reads it like any other from now on.

    Needs client:write over the file; refuses one who is still under age, or whose age is not known. Restricted cases stay so.
    """
    policy.require(actor, Permission.CLIENT_WRITE, client)
    if client.klass != "minor" or client.birth_on is None or class_for(client.birth_on) == "minor":
        raise Conflict(_l("This is not the file of somebody who has come of age."), code="wrong_state")
    reclass(client)
    audit.record(db.session, "client.came_of_age", client)
    db.session.flush()
    return client
