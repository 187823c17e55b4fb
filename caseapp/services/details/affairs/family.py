"""Marriage and family: what it is about, the cooling-off period of a divorce, violence that comes to light."""

from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import Invalid
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.casework import Case
from caseapp.models.details.affairs import FamilyMatter
from caseapp.queries.details.affairs import rows as queries
from caseapp.queries.details.affairs.file import VIOLENCE, cooling
from caseapp.schemas.casework.case import Restrict
from caseapp.schemas.casework.client.parts import AddTag
from caseapp.schemas.details.affairs.base import Keep
from caseapp.schemas.details.affairs.family import ORDINARY
from caseapp.schemas.details.affairs.violence import FindViolence
from caseapp.services.casework import due, tasks
from caseapp.services.casework.cases import events
from caseapp.services.casework.cases.restrict import restrict
from caseapp.services.casework.clients import tags
from caseapp.services.details.affairs import rows
from caseapp.services.versions import expect_version


def keep_family(command: Keep, case: Case, actor: Actor) -> FamilyMatter:
    """What is known stands as given. Needs case:write over an open case of marriage and family.

    While a divorce application runs, the end of the cooling-off period is a promise of the responsible worker.
    """
    detail = queries.of_matter(case, matter="family")
    values = dict(command.values)
    detail.kind = values.pop("kind")
    row = rows.keep(FamilyMatter, Keep(command.version, values), case, actor, "affairs.family_kept")
    term = cooling(case, row)
    if term is not None and row.cooling_state in (None, "running") and term.cools_until >= clock.today():
        tasks.promise_once(case, "cooling_off", term.cools_until, actor, user_id=case.worker_id)
    else:
        tasks.keep(case, ("cooling_off",), actor)
    return row


def find_violence(command: FindViolence, case: Case, actor: Actor) -> Case:
    """Violence came to light: the file is restricted and becomes one of violence, and the danger is to be looked at today.

    Needs case:write over an open case of marriage and family, as one of its team or the head. Refuses a stale version and
    a day before the case was found.
    """
    detail = queries.of_matter(case, *ORDINARY)
    rows.writable(case, actor)
    if command.found_on < case.found_on:
        raise Invalid(_l("This day lies before the case was found."), "found_on")
    if case.klass == "P3":
        expect_version(case, command.version)
    else:
        restrict(Restrict(command.reason, command.version), case, actor)
    detail.kind = VIOLENCE
    events.note(case, "violence_found", actor, on=command.found_on, text=command.reason)
    if case.client is not None:
        tags.attach(case.client, AddTag(VIOLENCE, case.found_on), actor, case)
    tasks.promise_once(case, "reassess", clock.today(), actor, user_id=case.worker_id)
    db.session.flush()
    due.refresh_case(case)
    return case
