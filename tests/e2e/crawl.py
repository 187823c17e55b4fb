"""Goes through every page that each role of a small town can reach by links, and looks at each with axe, for words and for width."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import unescape
from typing import Any

from flask import Flask, request, template_rendered

from caseapp import domains
from caseapp.access.system import system_session
from caseapp.models import organisation as o
from tests.conftest import missing
from tests.e2e.furnish import furnish
from tests.e2e.visitor import AXE, Visitor

ROLES = (
    "worker", "head", "supervisor", "township", "county", "city", "province", "sysadmin", "secadmin", "auditor", "contractor",
    "evaluator",
)  # fmt: skip
CODE = re.compile(r"%\(\w+\)s|\bNone\b|\bundefined\b|\{\{|\}\}|&lt;|BuildError|(?<![\w/.-])[a-z]+_[a-z_]+(?![\w/.-])")
ENGLISH = re.compile(r"[A-Za-z]{3,} [a-z]{2,}")  # two words in a row on a Chinese page
CHINESE = re.compile("[\u4e00-\u9fff]")
SKIP = re.compile(r"/logout|/static/|^mailto:|^tel:|^#|/openapi\.json|/exports/[0-9a-f]{8}-")
LINK, HREF = re.compile(r"<a\b[^>]*>"), re.compile(r'\shref="([^"]*)"')
# only what is bad crosses to Python: the whole of axe's answer takes longer to carry over than to find
FINDINGS = """async () => {
  const answer = await axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'], resultTypes: ['violations']});
  return answer.violations.filter(found => ['serious', 'critical'].includes(found.impact))
    .map(found => `axe ${found.id}: ${found.nodes[0].html.slice(0, 160)}`);
}"""

# Pages that no link leads to, each for its reason
NOT_BY_LINKS = {
    "account.healthz": "for machines",
    "account.numbers": "for machines",
    "account.remove_factor": "of somebody with a second factor, which this walk has none of: opened in the tests of it",
    "account.second_step": "between a password and a code of the phone: opened in the tests of the second factor",
    "admin.refuse_asked": "of an act for two people: opened in the tests of it and by the house tests",
    "account.prove": "asked for by a risky act some time after the sign-in: opened in the tests of proof",
    "account.readyz": "for machines",
    "admin.asked_act": "of an act that waits for a second person: opened in the tests of it and by the house tests",
    "account.open_draft": "leads on to the form",
    "admin.blank_divisions": "a file, opened in the tests of divisions",
    "admin.index": "leads on to the accounts",
    **{f"{code}.front": "leads on to the list" for code in domains.CODES},
    "statistics.export": "a file, fetched in the county's journey",
    "static": "files",
    "api_docs.document": "JSON",
    "api_docs.read": "for programmers, reached by its address",
}


def kind(path: str) -> str:
    """The address without ids, periods and what stands behind the equals signs: one page of a kind is enough.

    Of tables each is a kind, for the words of its rows; why one hides something is told in the same words for all.
    """
    path = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "<id>", path)
    path = re.sub(r"/tables/\w+/why", "/tables/<table>/why", re.sub(r"/20\d\d(Q\d)?(?=[/?]|$)", "/<period>", path))
    return re.sub(r"=[^&]*", "=", path)


def alike(path: str) -> str:
    """The same, where the pages of a case that all domains share are one kind; every domain has fields of its own."""
    return re.sub(rf"^/({'|'.join(domains.CODES)})/cases/<id>/(?!edit)", "/<domain>/cases/<id>/", kind(path))


@contextmanager
def shown(app: Flask) -> Iterator[set[str]]:
    """The endpoints that rendered a template meanwhile."""
    found: set[str] = set()

    def note(_app: Any, template: Any, context: Any, **_more: Any) -> None:
        if request.endpoint and request.method == "GET":
            found.add(request.endpoint)

    with template_rendered.connected_to(note, app):
        yield found


def crawl(app: Flask, person: Callable[..., Visitor], size: Any, locale: str, roles: tuple[str, ...] = ROLES) -> list[str]:
    """Faults of all pages of these roles; where they are all of them, by axe too, and the GET pages nobody was shown."""
    if not AXE.exists():
        missing("axe-core (npm ci)")
    first = furnish(app)
    with app.app_context(), system_session("test: everybody reads this language", write=True) as session:
        for user in session.query(o.User):
            user.language = locale[:2]
    faults: list[str] = []
    looked_at: set[str] = set()
    with shown(app) as endpoints:
        for name in roles:
            visitor = person(name, size, locale)
            visitor.context.add_init_script(path=AXE)
            faults += _role(visitor, first.get(name, []), looked_at, axe=roles == ROLES)
        stranger = person(None, size, locale)
        stranger.context.add_init_script(path=AXE)
        for path in ("/login", "/account/code"):
            stranger.go(path)
            faults += check(stranger.page, f"stranger {path}", axe=True)
    if roles != ROLES:
        return faults
    wanted = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not rule.rule.startswith("/api/v1/")
    }
    missed = wanted - endpoints - set(NOT_BY_LINKS)
    faults += [f"nobody was shown {endpoint}" for endpoint in sorted(missed) if not _shown_elsewhere(endpoint, wanted, endpoints)]
    return faults


def _shown_elsewhere(endpoint: str, wanted: set[str], endpoints: set[str]) -> bool:
    """Whether it is a page of a case that every domain has, and some domain has shown it."""
    domain, _dot, action = endpoint.partition(".")
    twins = {f"{code}.{action}" for code in domains.CODES}
    return domain in domains.CODES and twins <= wanted and bool(twins & endpoints)


def _role(visitor: Visitor, first: list[str], looked_at: set[str], *, axe: bool) -> list[str]:
    """Everything one role reaches: each page opens; each kind of page is looked at once, its words, its width, and by axe."""
    todo, seen, faults = ["/", *first], set(), []
    own = set(first)
    while todo:
        path = todo.pop(0)
        name = path if path in own else kind(path)
        if name in seen:
            continue
        seen.add(name)
        if alike(path) in looked_at and path not in own:  # somebody has looked at such a page: it must open, and lead on
            fetched = visitor.page.request.get(visitor.address + path)
            if fetched.status >= 400:
                faults.append(f"{visitor.name} {path}: {fetched.status}")
            links = [
                unescape(href[1]) for tag in LINK.findall(fetched.text()) if (href := HREF.search(tag)) and " download" not in tag
            ]
        else:
            answer = visitor.page.goto(visitor.address + path)
            if answer is None or answer.status >= 400:
                faults.append(f"{visitor.name} {path}: {answer and answer.status}")
                continue
            faults += check(visitor.page, f"{visitor.name} {path}", axe=axe and alike(path) not in looked_at)
            looked_at.add(alike(path))
            links = visitor.page.eval_on_selector_all("a[href]:not([download])", "all => all.map(a => a.getAttribute('href'))")
        for link in links:
            if link.startswith("/") and not SKIP.search(link) and kind(link.split("#")[0]) not in seen:
                todo.append(link.split("#")[0])
    return faults


def check(page: Any, where: str, *, axe: bool) -> list[str]:
    """Faults of one page: axe, sideways scroll, words of the code instead of words of a language."""
    faults = []
    if axe:
        faults += [f"{where}: {finding}" for finding in page.evaluate(FINDINGS)]
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1"):
        faults.append(f"{where}: scrolls sideways")
    tag = page.get_attribute("html", "lang")[:2]
    for words, marked in page.evaluate(WORDS):
        bad = CODE.search(words) or (tag == "zh" and marked == "zh" and ENGLISH.search(words))
        if bad:
            faults.append(f"{where}: {bad[0]!r} in {words[:60]!r}")
        if tag == "en" and marked == "en" and CHINESE.search(words):
            faults.append(f"{where}: Chinese that is not marked as such: {words[:60]!r}")
    return faults


# every piece of text that is not marked as code, with the language it is marked as; the answer "None" of a list is a word
WORDS = """() => {
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];
  while (walk.nextNode()) {
    const text = walk.currentNode.data.trim(), parent = walk.currentNode.parentElement;
    if (!text || parent.closest('.mono, script, style, code, textarea') || (text === 'None' && parent.closest('label, option'))) continue;
    found.push([text, parent.closest('[lang]').getAttribute('lang').slice(0, 2)]);
  }
  return found;
}"""
