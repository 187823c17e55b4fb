"""How long a file is kept."""

from datetime import date
from types import SimpleNamespace

import pytest

from caseapp.queries.casework.retention import keep_until

AT = {"retention.adult_case_years": 10, "retention.minor_case_years": 10, "retention.protection_years": 30}


@pytest.mark.parametrize(
    ("klass", "born", "closed", "until"),
    [
        ("P2", date(1950, 1, 1), None, None),
        ("P2", date(1950, 1, 1), date(2024, 2, 29), date(2034, 2, 28)),
        ("minor", date(2016, 5, 1), date(2026, 11, 1), date(2044, 5, 1)),  # eighteen in 2034
        ("minor", date(2008, 12, 1), date(2026, 12, 24), date(2036, 12, 24)),  # closed after the eighteenth birthday
        ("minor", None, date(2026, 11, 1), date(2036, 11, 1)),
        ("P3", date(2016, 5, 1), date(2026, 11, 1), date(2056, 11, 1)),
    ],
)
def test_keep_until(klass: str, born: date | None, closed: date | None, until: date | None) -> None:
    case = SimpleNamespace(klass=klass, closed_on=closed, client=SimpleNamespace(birth_on=born))
    assert keep_until(case, AT) == until  # type: ignore[arg-type]
