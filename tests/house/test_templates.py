"""Templates compile, every rendered one exists, none is forgotten, and none carries inline style or script."""

import re
from pathlib import Path
from typing import Any

from caseapp import domains

ROOT = Path(__file__).resolve().parents[2] / "caseapp"
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
NAMED = re.compile(r"""["']([\w/]+\.html)["']""")
ICON = re.compile(r"""\bicon\(["']([\w-]*\w)["']""")
PARTLY = re.compile(r"""["']([\w/]*(?:\{[^{}]+\}|%s)[\w/]*\.html)["']""")  # a name of which code chooses a part
INLINE = re.compile(r"""\sstyle\s*=|<script(?![^>]*\bsrc=)|\son\w+\s*=\s*["']|<style|https?://""")


def _patterns() -> list[re.Pattern[str]]:
    """The partly chosen names that are written somewhere: a domain's code, or any word."""
    codes = "|".join(domain.code for domain in domains.all())
    said = "\n".join(path.read_text(encoding="utf-8") for path in [*TEMPLATES, *ROOT.rglob("*.py")])
    found = [name.replace("{domain.code}", f"({codes})") for name in PARTLY.findall(said)]
    return [re.compile(re.sub(r"\{[^{}]+\}|%s", r"\\w+", name)) for name in found]


def test_every_template_compiles_and_is_used(sqlite: Any) -> None:
    names = {path.relative_to(ROOT / "templates").as_posix() for path in TEMPLATES}
    for name in sorted(names):
        sqlite.app.jinja_env.get_template(name)
    named = {found for path in [*TEMPLATES, *ROOT.rglob("*.py")] for found in NAMED.findall(path.read_text(encoding="utf-8"))}
    assert named - names == set()
    partly = _patterns()
    patterned = {name for name in names if any(pattern.fullmatch(name) for pattern in partly)}
    assert names - named - patterned == set()


def test_no_template_carries_style_script_or_foreign_addresses() -> None:
    faults = []
    for path in TEMPLATES:
        text = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        faults += [f"{path.name}: {found[0]!r}" for found in INLINE.finditer(text)]
    assert faults == []


def test_every_icon_is_drawn() -> None:
    drawn = set(re.findall(r'id="([\w-]+)"', (ROOT / "static" / "icons.svg").read_text(encoding="utf-8")))
    named = {found for path in TEMPLATES for found in ICON.findall(path.read_text(encoding="utf-8"))}
    assert named - drawn == set()
