"""Settings from the environment: refused at start with a sentence that says what to do, never half right."""

import base64
import sys
from pathlib import Path
from typing import Any

import pytest

from caseapp.config import BadSettings, from_environment

KEY = base64.b64encode(bytes(range(32))).decode()
ONE = bytes(range(32)).hex()
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


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"CASEAPP_DATA_KEYS_FILE": "open"}, "can be read by others"),
        ({"CASEAPP_DATA_KEYS_FILE": "absent"}, "cannot be read"),
        ({"CASEAPP_DATA_KEYS_COMMAND": f"{sys.executable} -c 'print(1/0)'"}, "ended with code 1"),
        ({"CASEAPP_DATA_KEYS_COMMAND": "no-such-program"}, "cannot be run"),
        ({"CASEAPP_DATA_KEYS_COMMAND": "x", "CASEAPP_DATA_KEYS": "y"}, "only one of"),
    ],
)
def test_a_key_that_cannot_be_had_is_told_without_it(tmp_path: Path, more: dict[str, str], words: str) -> None:
    (tmp_path / "open").write_text(ONE)
    (tmp_path / "open").chmod(0o644)
    given = {name: str(tmp_path / value) if name.endswith("_FILE") else value for name, value in more.items()}
    with pytest.raises(BadSettings, match=words) as refused:
        from_environment({"CASEAPP_ENV": "test", **given})
    assert ONE not in str(refused.value)


def test_keys_come_from_a_file_or_a_command(tmp_path: Path) -> None:
    kept = tmp_path / "keys"
    kept.write_text(f"# newest first\n3:sm4:{'ab' * 16}\n1:{ONE}\n")
    kept.chmod(0o600)
    told = from_environment({"CASEAPP_ENV": "test", "CASEAPP_DATA_KEYS_FILE": str(kept)})
    assert [(number, len(raw)) for number, raw in told.data_keys] == [(3, 16), (1, 32)] and told.keys_from == "file"
    line = f"{sys.executable} -c 'print(\"{ONE}\")'"
    told = from_environment({"CASEAPP_ENV": "test", "CASEAPP_DATA_KEYS_COMMAND": line})
    assert told.data_keys == ((1, bytes.fromhex(ONE)),) and told.keys_from == "command"
