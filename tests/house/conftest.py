"""What several house tests share."""

from typing import Any

import pytest

from tests.house.forms import Walk


@pytest.fixture(scope="session")
def found(sqlite_engine: Any) -> Walk:
    """On SQLite, in Chinese; finding all the forms takes half a minute, so the tests of bad input share them (`TOGETHER`)."""
    sqlite_engine.fresh()
    return Walk(sqlite_engine, "zh")


@pytest.fixture
def walk(found: Walk) -> Walk:
    """With the rows as they were laid."""
    found.settle()
    found.meet_a_stranger()
    found.faults, found.count = [], 0
    return found
