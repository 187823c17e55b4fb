"""`caseapp bench`: reads the forms it sends with the standard library, and measures every page of a small demo."""

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import has_app_context

from caseapp.adapters import keys
from caseapp.cli import main
from caseapp.cli.bench import forms

PAGE = """<html><body><form method="post" action="/logout"><input type="hidden" name="csrf_token" value="T&amp;1"><button name="x">o</button></form>
<main><form method="get"><input name="q"></form><form method="post"><input type="hidden" name="csrf_token" value="T&amp;1">
<input type="search" name="find"><input name="b" value="1"><input name="b" value="2"><input type="radio" name="r" value="a"><input type="radio" name="r" value="c" checked>
<input type="checkbox" name="off" value="y"><input type="checkbox" name="on" checked><textarea name="t">two
lines &lt;b&gt;</textarea><select name="s"><option value="">-</option><option value="k" selected>K</option></select>
<select name="first"><option value="p">P</option><option value="q">Q</option></select><input type="submit" name="go" value="Go"></form></main></body></html>"""


def test_a_form_is_read_as_a_browser_would_send_it() -> None:
    form = forms.own(PAGE)
    assert form.fields == {
        "csrf_token": ["T&1"], "find": [""], "b": ["1", "2"], "r": ["c"], "on": ["on"], "t": ["two\nlines <b>"], "s": ["k"], "first": ["p"],
    }  # fmt: skip
    assert (form.words, forms.token(PAGE)) == ("find", "T&1")
    with pytest.raises(LookupError):
        forms.own("<main></main>")
    assert forms.token("<p>") == ""


def test_every_page_is_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not has_app_context()
    monkeypatch.setattr(keys, "_ring", keys._ring)  # the demo has keys of its own; the other tests' come back
    monkeypatch.setenv("CASEAPP_INSTANCE", str(tmp_path))
    monkeypatch.delenv("CASEAPP_DATABASE_URL", raising=False)
    answer: Any = CliRunner().invoke(main, ["bench", "--clients", "300", "--times", "3"])
    assert answer.exit_code == 0, answer.output
    line = answer.output.splitlines()[-1]
    for name in (
        "empty_page",
        "today",
        "client_list",
        "search",
        "client_file",
        "case_file",
        "visit_form",
        "visit_write",
        "county_table",
    ):
        assert f"300.{name}=" in line


def test_the_refresh_is_measured_on_postgresql_only() -> None:
    answer: Any = CliRunner().invoke(main, ["bench", "refresh", "--database-url", "sqlite://"])
    assert answer.exit_code == 1 and "measured on PostgreSQL" in answer.output
