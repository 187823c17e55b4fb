"""Every page each role can reach by links, on a desktop in English and on a phone in Chinese: no dead link, no serious axe finding."""

import json
import re
from typing import Any

import pytest

from caseapp.access.system import system_session
from tests import rows
from tests.answers import best
from tests.conftest import missing
from tests.e2e.conftest import AXE, DESKTOP, PHONE, SHOTS

CAST = ["bo", "ann", "chen", "tao", "cora", "pia", "sam", "sec", "dee", "con", "ned"]
MOST = 60  # pages a role; ids beyond the first of a kind are the same page
UNTRANSLATED = re.compile(r"%\(\w+\)s|\bNone\b|\{\{|\}\}|&lt;|BuildError")
SKIP = re.compile(r"/logout|/static/|^mailto:|^#|/openapi\.json|/exports/")


def kind(path: str) -> str:
    """The address without ids and cursors: one page of a kind is enough."""
    path = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "<id>", path)
    return re.sub(r"cursor=[^&]+", "cursor", path)


@pytest.mark.parametrize("name", CAST)
@pytest.mark.parametrize(("size", "locale"), [(DESKTOP, "en"), (PHONE, "zh-CN")], ids=["desktop-en", "phone-zh"])
def test_crawl(sqlite: Any, visitor: Any, name: str, size: Any, locale: str) -> None:
    if not AXE.exists():
        missing("axe-core (npm ci)")
    with sqlite.app.app_context(), system_session("test rows", write=True) as session:
        from caseapp.models.organisation import User

        session.get(User, sqlite.cast.users[name]).language = locale[:2]
        person = rows.client(session, sqlite.cast, "Riverside", "Old Wang", worker_id=sqlite.cast.users["bo"])
        case = rows.case(session, person, sqlite.cast.users["bo"])
        found = rows.assessment(session, case, "phq9", best("phq9", y1=3, y2=2, y9=1))
        rows.task(session, case, "suicide_screening", sqlite.cast.users["bo"], assessment_id=found.id)
    person = visitor(name, size, locale)
    todo, seen, faults = ["/"], set(), []
    SHOTS.mkdir(exist_ok=True)
    while todo and len(seen) < MOST:
        path = todo.pop(0)
        if kind(path) in seen:
            continue
        seen.add(kind(path))
        answer = person.page.goto(person.address + path)
        if answer is None or answer.status >= 400:
            faults.append(f"{path}: {answer and answer.status}")
            continue
        faults += check(person.page, path)
        for link in person.page.eval_on_selector_all("a[href]", "all => all.map(a => a.getAttribute('href'))"):
            if link.startswith("/") and not SKIP.search(link) and kind(link) not in seen:
                todo.append(link.split("#")[0])
    assert faults == [], "\n".join(faults)


def check(page: Any, path: str) -> list[str]:
    """Faults of one page: axe, sideways scroll, untranslated words."""
    faults = []
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']})")
    for finding in found["violations"]:
        if finding["impact"] in ("serious", "critical"):
            where = finding["nodes"][0]["html"][:160]
            faults.append(f"{path}: axe {finding['id']}: {json.dumps(where, ensure_ascii=False)}")
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1"):
        faults.append(f"{path}: scrolls sideways")
    words = page.inner_text("body")
    if bad := UNTRANSLATED.search(words):
        faults.append(f"{path}: {bad[0]!r} in the text")
    return faults
