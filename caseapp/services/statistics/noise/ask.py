"""Asks a question of the exploration with noise: logged, and no more of them than the budget allows."""

from sqlalchemy import select

from caseapp.access import policy
from caseapp.access.permissions import Permission
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import Conflict, Invalid
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.statistics import StatQuestion
from caseapp.queries.statistics import exploration, published
from caseapp.schemas.statistics.exploration import Ask
from caseapp.services.trust import audit


def ask(command: Ask, actor: Actor, budget: int) -> StatQuestion:
    """The question is kept as asked; the answer is stored already. Asked again it costs nothing.

    For bureaus of a county or above, of areas under their grant. Raises Conflict where `budget` questions of this period were
    asked: many questions about the same people, averaged, would wear the noise down. Leaves a named event in the trail.
    """
    policy.require(actor, Permission.FIGURES_READ)
    if command.period not in exploration.prepared(actor):
        raise Invalid(_l("Nothing may be explored of this quarter."), "period")
    release = published.of_period(actor, command.period)
    question = exploration.find(release, command.question) if release else None
    if release is None or question is None:
        raise Invalid(_l("Choose what is counted from the list."), "question")
    place = next((place for place in exploration.places(actor, release) if place.code == command.area), None)
    if place is None or exploration.stored(actor, release.id, question.measure, question.code, command.area) is None:
        raise Invalid(_l("This is not published down to that area."), "area")
    same = select(StatQuestion).where(
        StatQuestion.user_id == actor.user_id,
        StatQuestion.release_id == release.id,
        StatQuestion.measure == question.measure,
        StatQuestion.dims == question.code,
        StatQuestion.area == command.area,
    )
    known = db.session.scalar(same)
    if known is not None:
        return known
    if exploration.asked(actor, release.id) >= budget:
        raise Conflict(_l("All questions of this quarter are used up."), "question", code="budget")
    row = StatQuestion(
        release_id=release.id,
        grant_id=actor.grant_id,
        user_id=actor.user_id,
        measure=question.measure,
        dims=question.code,
        area=command.area,
        asked_at=clock.now(),
    )
    db.session.add(row)
    audit.record(db.session, "statistics.explored", row, reason=f"{command.period}: {command.question}, {command.area}")
    db.session.flush()
    return row
