"""The noisy answers that a bureau may read, and what it has asked so far."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from caseapp.core.actor import Actor
from caseapp.core.errors import NotFound
from caseapp.extensions import db
from caseapp.models.organisation import Organisation
from caseapp.models.statistics import StatNoise, StatQuestion, StatRelease
from caseapp.queries.statistics import published
from caseapp.queries.statistics.published import Place
from caseapp.reference.statistics import Question, questions

BUREAUS = ("province", "city", "management_area", "county")


@dataclass(frozen=True)
class Answer:
    """A question that was asked with its answer: key of the cell → changed number or `*`."""

    row: StatQuestion
    release: StatRelease
    question: Question
    place: Place
    answers: dict[str, str]


def code_of(question: Question) -> str:
    """How a question is named in forms and calls."""
    return f"{question.measure}:{question.code}"


def find(release: StatRelease, code: str) -> Question | None:
    """The question of that name."""
    return next((q for q in questions(published.catalogue(release)) if code_of(q) == code), None)


def may(actor: Actor) -> bool:
    """Whether the grant is of a county's bureau or of one above it."""
    kinds = select(Organisation.kind).where(Organisation.id == actor.organisation_id)
    return db.session.scalar(kinds) in BUREAUS


def places(actor: Actor, release: StatRelease) -> list[Place]:
    """Where it may be asked: the areas under the grant of a county or above; NotFound for others."""
    found = published.places(actor, release)
    if not found or found[0].level not in BUREAUS:
        raise NotFound()
    return found


def prepared(actor: Actor) -> list[str]:
    """The released quarters that answers are stored of, newest first."""
    with published.reading(actor) as session:
        held = select(StatNoise.release_id).distinct()
        return list(
            session.scalars(select(StatRelease.period).where(StatRelease.id.in_(held)).order_by(StatRelease.period.desc()))
        )


def asked(actor: Actor, release_id: UUID) -> int:
    """How many questions this user has asked of a release."""
    query = select(func.count()).select_from(StatQuestion).where(StatQuestion.release_id == release_id)
    return db.session.scalar(query.where(StatQuestion.user_id == actor.user_id)) or 0


def latest(actor: Actor) -> Sequence[StatQuestion]:
    """What was asked lately, newest first."""
    query = select(StatQuestion).where(StatQuestion.user_id == actor.user_id)
    return db.session.scalars(query.order_by(StatQuestion.asked_at.desc(), StatQuestion.id.desc()).limit(20)).all()


def answer(actor: Actor, question_id: UUID) -> Answer:
    """One's own question with its answer; NotFound for another's."""
    row: StatQuestion | None = db.session.scalar(select(StatQuestion).where(StatQuestion.id == question_id))
    if row is None:
        raise NotFound()
    release = published.release(actor, row.release_id)
    found = find(release, f"{row.measure}:{row.dims}")
    place = next((place for place in places(actor, release) if place.code == row.area), None)
    answers = stored(actor, row.release_id, row.measure, row.dims, row.area)
    if found is None or place is None or answers is None:
        raise NotFound()
    return Answer(row, release, found, place, answers)


def stored(actor: Actor, release_id: UUID, measure: str, dims: str, area: str) -> dict[str, str] | None:
    """The stored answer of an area under the grant; None where there is none."""
    query = select(StatNoise.answers).where(
        StatNoise.release_id == release_id, StatNoise.measure == measure, StatNoise.dims == dims, StatNoise.area == area
    )
    with published.reading(actor) as session:
        found: Any = session.scalar(query)
    return found
