"""Exploration with noise as a bureau sees it: from the command that stores the answers to one of them, in both languages."""

import dataclasses
from typing import Any

from click.testing import CliRunner

from caseapp.cli.statistics import statistics
from caseapp.extensions import intent
from tests.page import Browser
from tests.services.statistics.fixtures import after_quarter, county, publish

__all__ = ["after_quarter", "county", "publish"]
COUNTY = "222403000000"


def test_the_page_says_that_numbers_are_changed(publish: Any, engine: Any, monkeypatch: Any) -> None:
    """Asked in a form, answered by an address that has the same numbers for ever; without the switch there is neither."""
    publish()
    words = ["noise", "--period", "2026Q3", "--as", "pia", "--reason", "asked for"]
    with engine.app.app_context():
        intent.set("write")
        assert "answers stored" in CliRunner().invoke(statistics, words).output
    browser = Browser(engine, "cora", "en")
    assert "not the true ones" in browser.get("/statistics/exploration").words
    answer = browser.post("/statistics/exploration", {"period": "2026Q3", "question": "on_file:age_band", "area": COUNTY})
    assert "Changed by noise" in answer.words and "3 questions of this quarter left" in answer.words
    call = browser.api("GET", answer.address, status=200).json
    assert (
        call["noise"] == "Changed by noise" and {"dims": {"age_band": "80+"}, "count": call["cells"][4]["count"]} in call["cells"]
    )
    assert browser.api("GET", "/statistics/exploration", status=200).json["items"]
    assert "已作扰动" in Browser(engine, "cora", "zh").get(answer.address).words
    off = dataclasses.replace(engine.app.config["SETTINGS"], exploration=0)
    monkeypatch.setitem(engine.app.config, "SETTINGS", off)
    browser.get("/statistics/exploration", status=404)
    browser.get(answer.address, status=404)
    with engine.app.app_context():
        assert "switched off" in CliRunner().invoke(statistics, words).output
