"""Social affairs in the demo: every matter is there, restricted ones are shut, and what the gates ask for is true."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select

from caseapp import domains
from caseapp.access import guard, identity
from caseapp.access.system import system_session
from caseapp.core import clock
from caseapp.extensions import db
from caseapp.models import casework as c
from caseapp.models.details import affairs as m
from caseapp.models.organisation import Grant
from caseapp.queries.casework import cases
from tests.cli.test_demo import demo

PAST_THE_PLAN = ("planning", "serving", "evaluating", "closing", "closed", "follow_up", "archived")
PARTS = (
    m.FamilyMatter,
    m.ViolenceMatter,
    m.SafetyPlan,
    m.ViolencePath,
    m.PsychiatricMatter,
    m.PsychiatricStep,
    m.PsychiatricFinding,
    m.DisabilityMatter,
    m.NeedsLook,
    m.VagrantMatter,
    m.VagrantPlace,
    m.FuneralAdvice,
)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A small demo."""
    folder = tmp_path_factory.mktemp("affairs")
    with demo(f"sqlite:///{folder}/demo.sqlite3", folder) as made:
        yield made


def test_every_matter_is_told_and_restricted_ones_are_shut(app: Any) -> None:
    with app.app_context(), system_session("look") as session:
        kinds = dict(session.execute(select(m.AffairsDetail.case_id, m.AffairsDetail.kind)).all())
        klasses = dict(session.execute(select(c.Case.id, c.Case.klass).where(c.Case.domain == "affairs")).all())
        assert kinds.keys() == klasses.keys()
        assert {"MF02", "MF04", "FN03", "DI01", "MD01", "VB02", "VB04"} <= set(kinds.values())
        shut = {case_id for case_id, klass in klasses.items() if klass == "P3"}
        assert {case_id for case_id, kind in kinds.items() if kind in ("MF04", "MD01")} <= shut
        opened = {kind for case_id, kind in kinds.items() if case_id not in shut}  # of the others a few, by choice
        assert {"MF02", "FN03", "VB02"} <= opened
        for model in PARTS:
            found = session.scalars(select(model)).all()
            assert found, model.__name__
            assert all(row.klass == klasses[row.case_id] and row.file_id == row.case_id for row in found if row.case_id), model
        nameless = session.scalars(select(c.Client).where(c.Client.is_unidentified)).all()
        papers = set(session.scalars(select(c.IdentityDocument.client_id)))
        assert nameless and all(row.features and row.no_document_reason and row.id not in papers for row in nameless)


def test_what_the_gate_of_the_plan_asks_for_is_there(app: Any) -> None:
    """Asked as the head of each station would be."""
    gate = domains.get("affairs").gates["matter_ready"]
    with app.app_context():
        with system_session("look") as session:
            query = select(c.Case.id, c.Case.station_id).where(c.Case.domain == "affairs", c.Case.status.in_(PAST_THE_PLAN))
            todo = session.execute(query).all()
            heads = select(Grant.organisation_id, Grant.user_id, Grant.id).where(
                Grant.role == "station_head", Grant.state == "active"
            )
            at = {row.organisation_id: (row.user_id, row.id) for row in session.execute(heads)}
        assert todo
        for case_id, station_id in todo:
            guard.bind(db.session, identity.for_grant(db.session, *at[station_id], clock.today()))
            assert gate(cases.one(case_id)) is None
        db.session.rollback()
