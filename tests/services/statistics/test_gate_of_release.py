"""What the attack finds somebody in cannot be released: not from the page, not by a second person, not on the command line."""

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import select

from caseapp.access.system import system_session
from caseapp.core.errors import Conflict
from caseapp.extensions import db, intent
from caseapp.models.statistics import StatPreparation, StatRelease
from caseapp.reference.statistics import Catalogue
from caseapp.services.statistics.areas import Area
from caseapp.services.statistics.cells import Protected, Published
from caseapp.services.statistics.gate import Effort
from caseapp.services.statistics.refresh import refresh
from caseapp.services.statistics.release import approve, prepare
from caseapp.services.statistics.release import make as making
from tests.cast import PASSWORD
from tests.services.statistics.fixtures import Q3


def naive(catalogue: Catalogue, period: str, areas: Sequence[Area], chains: Any, facts: Any, *_more: Any) -> Protected:
    """Hides what is small and nothing else: the totals give it back."""
    true: dict[tuple[str, str], int] = {}
    for fact in facts:
        if fact.measure == "on_file" and fact.period == period:
            for area in chains.get(fact.area, ()):
                true[area, fact.key] = true.get((area, fact.key), 0) + fact.value
    found = []
    for table in catalogue.tables:
        for area in areas:
            if area.level not in table.levels:
                continue
            for dims in ({}, *(table.dims(*(value.code for value in values)) for values in table.cells())):
                cell = Published(table, area, dims, "")
                value = true.get((area.code, cell.dims_key), 0) if table.measure == "on_file" and not table.derived else None
                shown = "*" if value is None or 0 < value < 10 else str(value)
                found.append(Published(table, area, dims, shown))
    return Protected(found, b"a certificate that proves nothing")


def test_what_the_attack_finds_somebody_in_is_not_released(
    app: Any, county: Any, as_: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    refresh(Q3)
    monkeypatch.setattr(making, "publish", naive)
    row = prepare(Q3, "end", as_("pia"), Effort(sampled=0, riskiest=0))
    assert row.state == "failed" and not row.gate["passed"]
    assert {hit["who"] for hit in row.gate["hits"]} >= {"outsider"}
    assert {"who", "kind", "table", "area", "period"} == set(row.gate["hits"][0]), "where and how, never what"
    preparation_id = row.id
    db.session.commit()
    db.session.rollback()
    intent.set("read")
    with pytest.raises(Conflict):
        approve(preparation_id, PASSWORD, as_("pat"), address="here")
    db.session.rollback()
    intent.set("write")
    with system_session("test") as session:
        assert session.scalars(select(StatRelease)).all() == []
        assert session.get_one(StatPreparation, preparation_id).release_id is None
