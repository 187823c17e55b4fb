"""Settings from the environment: refused at start with a sentence that says what to do, never half right."""

import base64
from typing import Any

import pytest

from caseapp.config import BadSettings, from_environment

KEY = base64.b64encode(bytes(range(32))).decode()
GOOD = {"CASEAPP_SECRET_KEY": "Kx9-a long enough secret of many letters", "CASEAPP_DATA_KEYS": KEY}


@pytest.mark.parametrize(
    ("wrong", "part"),
    [
        ({"CASEAPP_SECRET_KEY": ""}, "openssl rand"),
        ({"CASEAPP_SECRET_KEY": "short"}, "CASEAPP_SECRET_KEY"),
        ({"CASEAPP_SECRET_KEY": "a" * 60}, "too weak"),
        ({"CASEAPP_DATA_KEYS": ""}, "cannot be read again"),
        ({"CASEAPP_DATA_KEYS": "short"}, "CASEAPP_DATA_KEYS"),
        ({"CASEAPP_DATA_KEYS": f"1:{KEY},1:{KEY}"}, "different numbers"),
        ({"CASEAPP_ENV": "staging"}, "production"),
        ({"CASEAPP_ENV": "demo", "HOST": "10.0.0.5"}, "127.0.0.1"),
        ({"PORT": "http"}, "whole numbers"),
        ({"CASEAPP_PROXIES": "one"}, "CASEAPP_PROXIES"),
    ],
)
def test_what_cannot_be_started_with(wrong: dict[str, str], part: str) -> None:
    with pytest.raises(BadSettings) as refused:
        from_environment({**GOOD, **wrong})
    assert part in str(refused.value)
    assert KEY not in str(refused.value) and GOOD["CASEAPP_SECRET_KEY"] not in str(refused.value)


def test_a_small_office_needs_two_secrets_and_nothing_else() -> None:
    found = from_environment(GOOD)
    assert (found.env, found.host, found.port, found.workers, found.proxies) == ("production", "127.0.0.1", 8000, 1, 0)
    assert found.is_sqlite and found.database_url.endswith("production.sqlite3")


def test_keys_are_numbered_from_the_oldest_and_the_index_key_follows_it() -> None:
    other = base64.b64encode(bytes(32)).decode()
    one, two = from_environment(GOOD), from_environment({**GOOD, "CASEAPP_DATA_KEYS": f"{other},{KEY}"})
    assert [number for number, _raw in two.data_keys] == [2, 1]
    assert one.index_key == two.index_key  # a new newest key finds what was indexed before
    named: Any = from_environment({**GOOD, "CASEAPP_DATA_KEYS": f"7:{other},3:{KEY.rstrip('=')}="})
    assert [number for number, _raw in named.data_keys] == [7, 3]
