"""Bureaus read through an engine that knows published tables only: proven by asking it for others."""

from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from caseapp.access import guard
from caseapp.adapters import figures
from caseapp.models import casework as c
from caseapp.models.organisation import User
from caseapp.models.statistics import StatCell, StatFact
from caseapp.queries.statistics import published


@pytest.mark.parametrize("model", [c.Client, c.VisitPerson, StatFact, User])
def test_it_cannot_see_other_tables(publish: Any, cast: Any, model: Any) -> None:
    publish()
    with figures.session() as session:
        guard.bind(session, cast.actor("pia"))
        assert session.scalar(select(func.count()).select_from(StatCell)) > 100
        with pytest.raises(DBAPIError):
            session.execute(select(func.count()).select_from(model)).all()


def test_not_by_plain_sql_either(publish: Any) -> None:
    publish()
    for statement in (
        "SELECT count(*) FROM client",
        "SELECT 1 FROM stat_cell WHERE EXISTS (SELECT 1 FROM client)",
        "DELETE FROM stat_cell",
        "UPDATE stat_release SET hidden = 0",
    ):
        with figures.engine().connect() as connection, pytest.raises(DBAPIError):
            connection.execute(text(statement))


def test_it_holds_to_the_row_rules_of_the_actor(publish: Any, cast: Any) -> None:
    """The county's officer reads the county, a worker nothing."""
    publish()
    with figures.session() as session:
        guard.bind(session, cast.actor("cora"))
        assert set(session.scalars(select(StatCell.area_level))) == {"county", "township"}
        assert not [path for path in session.scalars(select(StatCell.area_path)) if not path.startswith(cast.paths["county"])]
    with figures.session() as session:
        guard.bind(session, cast.actor("bo"))
        assert session.scalar(select(func.count()).select_from(StatCell)) == 0


def test_readers_of_figures_use_this_engine(publish: Any, cast: Any, as_: Any) -> None:
    publish()
    with published.reading(as_("cora")) as session:
        assert session.get_bind() is figures.engine()
