"""A correction of a released quarter on both engines: what one person changes is told to nobody, what many change is published."""

import json
from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from caseapp.access import guard
from caseapp.access.system import system_session
from caseapp.core.errors import Conflict
from caseapp.core.periods import Quarter
from caseapp.extensions import db
from caseapp.models import casework as c
from caseapp.models.statistics import StatCell, StatFact, StatPreparation, StatRelease
from caseapp.services.statistics import files
from caseapp.services.statistics.gate import Effort
from caseapp.services.statistics.refresh import refresh
from caseapp.services.statistics.release import prepare, publish_quarter
from caseapp.services.statistics.release.chain import faults
from caseapp.services.statistics.verify import verify
from caseapp.services.statistics.verify.read import evidence
from caseapp.services.trust import audit
from tests.services.statistics.fixtures import Q3

LITTLE = Effort(sampled=0, riskiest=0)


def men_become_women(cast: Any, count: int) -> None:
    """At Riverside somebody had entered the wrong sex."""
    with system_session("as it should have been", write=True) as session:
        query = select(c.Client.id).where(c.Client.station_path == cast.paths["Riverside"], c.Client.sex == "1")
        chosen: Sequence[Any] = session.scalars(query.order_by(c.Client.birth_on, c.Client.id).limit(count)).all()
        session.execute(update(c.Client).where(c.Client.id.in_(chosen)).values(sex="2"))


def men(period: str) -> int:
    """Men on file at all stations, by the facts under this name."""
    with system_session("test") as session:
        query = select(StatFact.value).where(
            StatFact.period == period, StatFact.measure == "on_file", StatFact.dims_key == "sex=1"
        )
        return sum(session.scalars(query))


def shown(release: StatRelease) -> dict[tuple[str, str, str], str]:
    """(table, area, key) → what is shown."""
    with system_session("test") as session:
        query = select(StatCell.table, StatCell.area, StatCell.dims_key, StatCell.shown)
        return {(t, a, d): said for t, a, d, said in session.execute(query.where(StatCell.release_id == release.id))}


def begin(cast: Any) -> tuple[Any, Any]:
    """The two officers, the session as the first one's."""
    maker, checker = cast.actor("pia"), cast.actor("pat")
    db.session.rollback()
    guard.bind(db.session, maker)
    audit.begin(db.session)
    return maker, checker


def test_one_person_is_not_corrected_and_counts_in_the_next_quarter(app: Any, county: Any, publish: Any) -> None:
    publish()
    men_become_women(county, 1)
    maker, _checker = begin(county)
    with pytest.raises(Conflict, match="counts in the next quarter") as refused:
        prepare(Q3, "one was entered wrongly", maker, LITTLE, corrects=True)
    assert refused.value.code == "nothing_to_correct"
    db.session.rollback()
    with system_session("test") as session:
        assert session.scalars(select(StatFact.id).where(StatFact.period.like("2026Q3.%"))).all() == []
        assert len(session.scalars(select(StatRelease)).all()) == 1
    refresh(Quarter(2026, 4))
    assert men("2026Q4") == men("2026Q3") - 1


def test_many_are_corrected_by_two_and_the_first_release_stays(app: Any, county: Any, publish: Any) -> None:
    first = publish()
    before, men_before = shown(first), men("2026Q3")
    with system_session("test") as session:
        bytes_before = files.files(session, session.get_one(StatRelease, first.id))
    men_become_women(county, 30)
    maker, checker = begin(county)
    with pytest.raises(Conflict, match="not released"):
        prepare(Quarter(2026, 2), "never released", maker, LITTLE, corrects=True)
    second = publish_quarter(Q3, "thirty were entered wrongly", maker, checker, effort=LITTLE, corrects=True)
    db.session.commit()
    assert (second.number, second.supersedes_id, second.edition) == (2, first.id, 1)
    assert second.cut_off_on == first.cut_off_on and second.areas == first.areas
    assert men("2026Q3") == men_before, "the old facts stay"
    assert men("2026Q3.1") == men_before - 30
    now = shown(second)
    told = {cell: (before[cell], said) for cell, said in now.items() if said != before[cell]}
    assert ("*", "*") not in told.values() and now.keys() == before.keys()
    for (table, _area, _key), (then, said) in told.items():
        assert then != "*", "what was hidden stays hidden"
        assert said == "*" or table == "visit_rate" or abs(int(said) - int(then)) >= 5
    assert any(said != "*" for _then, said in told.values()), "something is corrected in sight"
    with system_session("test") as session:
        assert files.files(session, session.get_one(StatRelease, first.id)) == bytes_before
        assert faults(session) == []
        for release in session.scalars(select(StatRelease)):
            found = verify(evidence(session, release))
            assert found.faults == [], (release.number, found.faults[:5])
        said = json.loads(files.files(session, session.get_one(StatRelease, second.id))["release.json"])
    assert said["chain"]["release"]["supersedes"] == str(first.id)
    db.session.rollback()
    with pytest.raises(DBAPIError, match="settled"), system_session("test", write=True) as session:
        session.execute(delete(StatFact).where(StatFact.period == "2026Q3.1"))
    begin(county)
    with pytest.raises(Conflict, match="counts in the next quarter"):
        prepare(Q3, "and once more", county.actor("pia"), LITTLE, corrects=True)
    db.session.rollback()
    with system_session("test") as session:
        assert [row.state for row in session.scalars(select(StatPreparation).order_by(StatPreparation.made_at))][
            -1
        ] == "published"
