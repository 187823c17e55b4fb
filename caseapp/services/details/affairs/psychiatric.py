"""Psychiatric community rehabilitation: guardian and places, steps with their clock, what doctors and the health service say."""

from datetime import date

from caseapp import reference
from caseapp.core import dates, phones
from caseapp.core.actor import Actor
from caseapp.core.errors import Conflict, Invalid
from caseapp.core.phones import BadPhone
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.casework import Case
from caseapp.models.details.affairs import PsychiatricFinding, PsychiatricMatter, PsychiatricStep
from caseapp.queries.details.affairs import rows as queries
from caseapp.queries.details.affairs.clocks import legs
from caseapp.queries.organisation import settings
from caseapp.schemas.details.affairs.base import Keep, Void
from caseapp.schemas.details.affairs.psychiatric import NoteFinding, TakeRehabStep
from caseapp.services.casework import tasks
from caseapp.services.details.affairs import rows

AFTER = {  # step → the one that comes before it
    "registered": "applied",
    "referred": "registered",
    "assessed": "referred",
    "serving": "assessed",
    "stage": "serving",
    "closed": "serving",
    "follow_up": "closed",
}
PROMISED = {"registered": "rehab_register", "referred": "rehab_refer"}
STAGE = "rehab_stage"


def keep_psychiatric(command: Keep, case: Case, actor: Actor) -> PsychiatricMatter:
    """Way in, guardian and places stand as given. Needs case:write over an open case of rehabilitation."""
    queries.of_matter(case, matter="psychiatric")
    values = dict(command.values)
    if values.get("guardian_phone"):
        try:
            values["guardian_phone"] = phones.parse(values["guardian_phone"]).number
        except BadPhone as error:
            raise Invalid(str(error.message) % error.facts, "guardian_phone", code=f"phone_{error.code}") from error
    return rows.keep(PsychiatricMatter, Keep(command.version, values), case, actor, "affairs.psychiatric_kept")


def take_step(command: TakeRehabStep, case: Case, actor: Actor) -> PsychiatricStep:
    """A step of the way was taken. Needs case:write over an open case of rehabilitation.

    Refuses a step whose beginning is not recorded, a day before it, and one taken already where it is taken once. The
    next term in working days becomes a promise of the responsible worker.
    """
    queries.of_matter(case, matter="psychiatric")
    taken = _taken(case)
    entry = reference.codes("affairs_rehab_step").get(command.step)
    if command.step in taken and not (entry is not None and entry.facts.get("repeats")):
        raise Conflict(_l("This step is recorded already. Void it first if it was wrong."), "step", code="already_there")
    before = AFTER.get(command.step)
    if before is not None and before not in taken:
        raise Invalid(_l("Record the step that comes before it first."), "step", code="step_missing")
    if before is not None and command.happened_on < taken[before]:
        raise Invalid(_l("This day lies before the step that comes before it."), "happened_on")
    row = rows.add(PsychiatricStep, case, actor, "affairs.rehab_step", **vars(command))
    _keep_clock(case, actor)
    return row


def void_step(command: Void, row: PsychiatricStep, case: Case, actor: Actor) -> None:
    """A step recorded wrongly no longer counts; the clock runs as if it had not been."""
    rows.void(command, row, case, actor)
    _keep_clock(case, actor)


def note_finding(command: NoteFinding, case: Case, actor: Actor) -> PsychiatricFinding:
    """What was told by a doctor or the health service, as it was told. Needs case:write over an open case of rehabilitation."""
    queries.of_matter(case, matter="psychiatric")
    return rows.add(PsychiatricFinding, case, actor, "affairs.finding_noted", **vars(command))


def _taken(case: Case) -> dict[str, date]:
    """Step → the first day it was taken, voided ones left out."""
    found: dict[str, date] = {}
    for row in reversed(queries.entries(PsychiatricStep, case, PsychiatricStep.happened_on)):
        if row.voided_at is None:
            found.setdefault(row.step, row.happened_on)
    return found


def _keep_clock(case: Case, actor: Actor) -> None:
    """Promises in step with what has been taken: the terms that run, and the next assessment by stage during the service."""
    at = settings.At(case.station_path)
    counting = [row for row in queries.entries(PsychiatricStep, case, PsychiatricStep.happened_on) if row.voided_at is None]
    running = {leg.step: leg for leg in legs(((row.step, row.happened_on) for row in counting), at) if leg.done_on is None}
    for step, kind in PROMISED.items():
        if step in running:
            tasks.promise_once(case, kind, running[step].due_on, actor, user_id=case.worker_id)
        else:
            tasks.keep(case, (kind,), actor)
    last = max((row.happened_on for row in counting if row.step in ("serving", "stage")), default=None)
    if last is not None and not any(row.step == "closed" for row in counting):
        months = at["affairs.stage_assessment_months"]
        tasks.promise_once(case, STAGE, dates.add_months(last, months), actor, user_id=case.worker_id)
    else:
        tasks.cancel(case, actor, None, (STAGE,))
    db.session.flush()
