"""Templates compile, every rendered one exists, none is forgotten, and none carries inline style or script."""

import re
from pathlib import Path
from typing import Any

from caseapp import domains

ROOT = Path(__file__).resolve().parents[2] / "caseapp"
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
NAMED = re.compile(r"""["']([\w/]+\.html)["']""")
INLINE = re.compile(r"""\sstyle\s*=|<script(?![^>]*\bsrc=)|\son\w+\s*=\s*["']|<style|https?://""")


def test_every_template_compiles_and_is_used(sqlite: Any) -> None:
    names = {path.relative_to(ROOT / "templates").as_posix() for path in TEMPLATES}
    for name in sorted(names):
        sqlite.app.jinja_env.get_template(name)
    named = {found for path in [*TEMPLATES, *ROOT.rglob("*.py")] for found in NAMED.findall(path.read_text(encoding="utf-8"))}
    assert named - names == set()
    parts = ("fields", "detail", "intake", "main")  # chosen by a domain's code
    patterned = {f"{domain.code}/{part}.html" for domain in domains.all() for part in parts}
    assert names - named - patterned == set()


def test_no_template_carries_style_script_or_foreign_addresses() -> None:
    faults = []
    for path in TEMPLATES:
        text = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        faults += [f"{path.name}: {found[0]!r}" for found in INLINE.finditer(text)]
    assert faults == []
