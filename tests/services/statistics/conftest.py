"""The world of figures, with an app context around every test."""

from typing import Any

import pytest

from tests.services.statistics.fixtures import after_quarter, county, publish

__all__ = ["after_quarter", "county", "publish"]


@pytest.fixture(autouse=True)
def _context(app: Any) -> None:
    """Services and queries can be called."""
