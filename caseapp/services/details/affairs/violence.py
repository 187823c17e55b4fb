"""Domestic violence: what is known, the safety plan, paths told and chosen, the report that the law asks for, safe contact.

The will of an adult with full capacity decides; about anybody else the police are told in time (反家庭暴力法 art. 5, 14).
"""

from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import Invalid
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.casework import Case, Client
from caseapp.models.details.affairs import PoliceReport, SafetyPlan, ViolenceMatter, ViolencePath
from caseapp.queries.details.affairs import rows as queries
from caseapp.queries.details.affairs.file import VIOLENCE, must_report
from caseapp.schemas.casework.client.person import EditClient
from caseapp.schemas.details.affairs.base import Keep, Void
from caseapp.schemas.details.affairs.violence import ContactSafely, ReportToPolice, TakePath
from caseapp.services.casework import tasks
from caseapp.services.casework.clients.edit import edit
from caseapp.services.details.affairs import rows

DUTY = "police_duty"


def keep_violence(command: Keep, case: Case, actor: Actor) -> ViolenceMatter:
    """What is known stands as given. Needs case:write over an open case of violence.

    Where the law asks for a report to the police and none was made, it is promised for today, and the head is told.
    """
    queries.of_matter(case, VIOLENCE)
    row = rows.keep(ViolenceMatter, command, case, actor, "affairs.violence_kept")
    _keep_duty(case, row, actor)
    return row


def keep_safety_plan(command: Keep, case: Case, actor: Actor) -> SafetyPlan:
    """The safety plan stands as given. Needs case:write over an open case of violence; refuses a stale version."""
    queries.of_matter(case, VIOLENCE)
    row = rows.keep(SafetyPlan, command, case, actor, "affairs.safety_plan_kept")
    tasks.keep(case, ("safety_plan",), actor)  # which a danger found by the check list asks for
    return row


def take_path(command: TakePath, case: Case, actor: Actor) -> ViolencePath:
    """A way to help was told, and this is what the person said; a later answer stands beside the earlier ones.

    Needs case:write over an open case of violence. Refuses a day before the case was found.
    """
    queries.of_matter(case, VIOLENCE)
    if command.happened_on < case.found_on:
        raise Invalid(_l("This day lies before the case was found."), "happened_on")
    return rows.add(ViolencePath, case, actor, "affairs.path_told", **vars(command))


def report_to_police(command: ReportToPolice, case: Case, actor: Actor) -> PoliceReport:
    """The police were told, at this minute; the promise to tell them is kept.

    Needs case:write over an open case of violence. Refuses a time before the violence was found.
    """
    queries.of_matter(case, VIOLENCE)
    matter = queries.one(ViolenceMatter, case)
    found_at = (matter.found_at if matter is not None else None) or case.created_at
    if matter is not None and matter.found_at is not None and command.reported_at < matter.found_at:
        raise Invalid(_l("This time lies before the violence was found."), "reported_at")
    minutes = max(int((command.reported_at - found_at).total_seconds() // 60), 0)
    row = rows.add(PoliceReport, case, actor, "affairs.police_told", minutes=minutes, **vars(command))
    tasks.keep(case, (DUTY,), actor)
    return row


def void_report(command: Void, row: PoliceReport, case: Case, actor: Actor) -> None:
    """A report recorded wrongly does not count; where the law asks for one, it is promised again."""
    rows.void(command, row, case, actor)
    _keep_duty(case, queries.one(ViolenceMatter, case), actor)


def contact_safely(command: ContactSafely, client: Client, actor: Actor) -> Client:
    """How and when contact does no harm stands with the person, where everybody who may call reads it first.

    As any change of a person: needs client:write, refuses a stale version.
    """
    return edit(EditClient({"safe_contact": command.safe_contact}, command.version), client, actor)


def _keep_duty(case: Case, row: ViolenceMatter | None, actor: Actor) -> None:
    """The promise to tell the police, of the worker and of the head, in step with what is known and reported."""
    if not must_report(case, row):
        tasks.cancel(case, actor, None, (DUTY,))
    elif not _reported(case):
        tasks.promise_once(case, DUTY, clock.today(), actor, user_id=case.worker_id)
        tasks.promise_once(case, DUTY, clock.today(), actor, for_role="station_head")
    db.session.flush()


def _reported(case: Case) -> bool:
    return any(row.voided_at is None for row in queries.entries(PoliceReport, case, PoliceReport.reported_at))
