"""Settings that must not be started with are refused with a sentence that says what to do."""

import pytest

from caseapp.config import BadSettings, data_keys, from_environment

OLD, NEW = bytes(range(32)), bytes(range(32, 64))


def test_settings_that_must_not_be_started_with() -> None:
    good = {"CASEAPP_SECRET_KEY": "k3J9x0Q2m7Zr5T8w1Yb4Nc6Vd", "CASEAPP_DATA_KEYS": "1:" + OLD.hex()}
    assert from_environment(good).env == "production"
    for change in (
        {"CASEAPP_SECRET_KEY": ""},
        {"CASEAPP_SECRET_KEY": "a" * 40},
        {"CASEAPP_DATA_KEYS": ""},
        {"CASEAPP_DATA_KEYS": "short"},
        {"CASEAPP_ENV": "staging"},
        {"CASEAPP_ENV": "demo", "HOST": "0.0.0.0"},  # noqa: S104 - the very thing that is refused
        {"PORT": "many"},
    ):
        with pytest.raises(BadSettings):
            from_environment({**good, **change})
    assert [number for number, _key in data_keys(f"{NEW.hex()},{OLD.hex()}")] == [2, 1]
