"""Exploration with noise: the distributions keep what they promise, and a bureau gets one answer for ever, as often as it may ask."""

from typing import Any

import pytest
from sqlalchemy import func, select

from caseapp.access import guard
from caseapp.access.system import system_session
from caseapp.adapters import figures as figures_engine
from caseapp.core.errors import Conflict, Forbidden, Invalid, NotFound
from caseapp.extensions import db
from caseapp.models.statistics import StatCell, StatFact, StatNoise, StatQuestion
from caseapp.queries.statistics import exploration
from caseapp.schemas.statistics.exploration import Ask
from caseapp.services.statistics.noise import ptable
from caseapp.services.statistics.noise.ask import ask
from caseapp.services.statistics.noise.prepare import prepare

COUNTY = "222403000000"


def asked(actor: Any, question: str = "on_file:sex", area: str = COUNTY, budget: int = 4) -> StatQuestion:
    """One question."""
    return ask(Ask("2026Q3", question, area), actor, budget)


@pytest.fixture
def stored(county: Any, publish: Any) -> Any:
    """A release with its answers; gives the release."""
    release = publish()
    with system_session("tried", write=True) as session:
        prepare(session, release)
        first = _stored(session)
        session.rollback()
    with system_session("answers", write=True) as session:
        assert prepare(session, release) == len(first) > 100
        session.flush()
        assert _stored(session) == first, "the same people, the same key, the same answer"
    return release


def _stored(session: Any) -> dict[Any, Any]:
    return {(row.measure, row.dims, row.area): row.answers for row in session.scalars(select(StatNoise))}


def test_answers_are_near_the_truth_hidden_stays_hidden_and_they_never_change(stored: Any, as_: Any, cast: Any) -> None:
    with system_session("test") as session:
        rows = session.scalars(select(StatNoise).where(StatNoise.measure == "on_file", StatNoise.dims == "sex")).all()
        told = {(row.area, key): shown for row in rows for key, shown in row.answers.items()}
        facts = session.scalars(
            select(StatFact).where(StatFact.period == "2026Q3", StatFact.measure == "on_file", StatFact.dims_key == "sex=2")
        ).all()
        true = sum(fact.value for fact in facts if fact.area.startswith("222403"))
        cells = select(StatCell.area, StatCell.dims_key).where(StatCell.table == "on_file_sex", StatCell.shown == "*")
        hidden = {tuple(row) for row in session.execute(cells)}
    assert abs(int(told[COUNTY, "sex=2"]) - true) <= ptable.MOST
    assert hidden == {cell for cell, shown in told.items() if shown == "*"}
    assert not {"1", "2"} & set(told.values())
    assert any(shown != "*" for shown in told.values())
    with pytest.raises(Conflict, match="never change"), system_session("again", write=True) as session:
        prepare(session, stored)
    _asking(as_)
    _refusals(as_)
    with figures_engine.session() as session:
        guard.bind(session, cast.actor("cora"))
        areas = set(session.scalars(select(StatNoise.area)))
    assert COUNTY in areas and all(area.startswith("222403") for area in areas), (
        "where they read releases, and through the same engine"
    )


def _asking(as_: Any) -> None:
    """Each question is logged and counted once."""
    cora = as_("cora")
    first = asked(cora)
    assert asked(cora).id == first.id
    found = exploration.answer(cora, first.id)
    assert set(found.answers) == {"sex=1", "sex=2"}
    for question in ("on_file:", "on_file:age_band", "on_file:age_band.sex"):
        asked(cora, question)
    with pytest.raises(Conflict, match="used up"):
        asked(cora, "visits:sex")
    assert asked(cora).id == first.id, "what was asked may be read again"
    assert db.session.scalar(select(func.count()).select_from(StatQuestion)) == 4


def _refusals(as_: Any) -> None:
    cora = as_("cora")
    for question, area, words in (
        ("on_file:group", COUNTY, "from the list"),
        ("hours:domain", COUNTY, "from the list"),
        ("on_file:age_band.sex", "222403101000", "down to that area"),
        ("guardianship:", COUNTY, "down to that area"),
        ("on_file:sex", "220122100000", "down to that area"),
    ):
        with pytest.raises(Invalid) as refused:
            asked(cora, question, area)
        assert words in str(refused.value.fields)
    with pytest.raises(Invalid):
        ask(Ask("2026Q2", "on_file:sex", COUNTY), cora, 4)
    mine = asked(cora).id
    db.session.commit()
    with pytest.raises(NotFound):
        exploration.answer(as_("pia"), mine)
    with pytest.raises(Forbidden):
        asked(as_("bo"))
