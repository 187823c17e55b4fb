"""Bad input on every form of every page: a sentence at the field in the reader's language, what else was typed kept, nothing
half written, and never a fault of ours.

The forms are those that the pages themselves offer, filled in as a browser would; every field gets a share of everything bad.
The pages of a case that all domains share are judged once, at the first domain; each domain's own pages at that domain.
"""

import re
from typing import Any
from urllib.parse import urlsplit

from bs4 import BeautifulSoup

from tests import bad
from tests.bad import MISSING, Form
from tests.content import changed
from tests.house.forms import READERS, Walk
from tests.routes import ENDS_THE_WALK

FRAME = (
    "version",
    "twin_version",
    "file",
    "role",
    "aid",
    "digest",
    "shown",
)  # the rows' own; no page fills a file in; in the address; fixed once recorded; marks of what the page itself last showed
BY_SCRIPT = {"account.save_draft", "children.who", "clients.duplicates_fragment"}  # sent by a script, from no form of their own
COMING = {"clients.remove_contact", "clients.void_document", "reviews.settle"}  # verbs without a button
# buttons of a referral that stands elsewhere than the draft that is laid (tests/pages/test_referrals.py, the journey of a referral);
# what stands between a password and a code of the phone (tests/pages/test_second_factor.py)
ELSEWHERE = {
    "referrals.begin",
    "referrals.confirm",
    "referrals.stand_in",
    "account.confirm_factor",
    "account.renew_codes",
    "account.second_step",
}
CJK = re.compile("[\u3400-\u9fff]")
PERSONAL = ("name", "number", "phone", "address", "q")


def test_every_verb_has_a_form_on_some_page(walk: Walk) -> None:
    wanted = {rule.endpoint for rule, method in walk.todo if method == "POST" and not str(rule).startswith("/api/")}
    assert wanted - set(walk.forms) - set(ENDS_THE_WALK) - BY_SCRIPT <= COMING | ELSEWHERE


def test_a_form_as_a_browser_sends_it_is_taken(walk: Walk) -> None:
    """What is filled in would do; else what is refused below would be refused for another reason."""
    faults = []
    for endpoint, form in walk.forms.items():
        if endpoint in ENDS_THE_WALK or endpoint in bad.NEVER_TAKEN:
            continue
        answer = walk.send(form, form.values)
        if answer.status_code >= 400:
            said = BeautifulSoup(answer.text, "html5lib").select_one("main")
            faults.append(
                f"{endpoint} by {form.name}: {answer.status_code} {said.get_text(' ', strip=True)[:300] if said else ''}"
            )
        walk.settle()
    assert faults == [], "\n".join(faults)


def test_bad_input_in_every_field(walk: Walk) -> None:
    each_field(walk, share=1)
    print(f"bad input on {walk.engine.name}: {walk.count} forms sent")
    assert walk.faults == [], "\n".join(walk.faults)
    assert walk.count > 800


def test_bad_input_on_postgresql(postgres_engine: Any) -> None:
    postgres_engine.fresh()
    walk = Walk(postgres_engine, "en", [reader for reader in READERS if reader[0] in (None, "bo")], every=3)
    each_field(walk, share=1, every=6, always=("NUL",))
    print(f"bad input on {walk.engine.name}: {walk.count} forms sent")
    assert walk.faults == [], "\n".join(walk.faults)


def each_field(walk: Walk, *, share: int, every: int = 1, always: tuple[str, ...] = ()) -> None:
    """Sends each form once for each of its fields and a share of what is bad, which rotates; some are always sent."""
    texts = bad.texts(walk.rows)
    kinds, turn = list(texts), 0
    for endpoint, form in walk.forms.items():
        if endpoint in ENDS_THE_WALK:
            continue
        for place, name in enumerate(bad.judged_fields(form)):
            if place % every:
                continue
            chosen = dict.fromkeys([*always, *(kinds[(turn + step) % len(kinds)] for step in range(share))])
            turn += share
            for kind in chosen:
                judge(walk, endpoint, form, name, kind, texts[kind])


def judge(walk: Walk, endpoint: str, form: Form, name: str, kind: str, value: Any) -> None:
    """Sends one bad value and notes what is wrong with the answer."""
    values = form.values | {name: value, "surprise": "an unknown member"}
    answer = walk.send(form, values)
    where = f"{endpoint}.{name}, {kind}: {answer.status_code}"
    if answer.status_code not in (200, 302, 303, 403, 404, 409, 413, 422, 429):
        walk.faults.append(f"{where} {answer.text[:200]}")
    if answer.mimetype == "text/html" and "<script>alert" in answer.text:  # a file is no page
        walk.faults.append(f"{where} markup comes back as markup")
    if answer.status_code < 400:
        if answer.status_code in (302, 303):
            after = walk.browsers[form.name].client.get(answer.headers["Location"], headers=walk.browsers[form.name].headers)
            if after.status_code >= 500:
                walk.faults.append(f"{where} then {after.status_code}")
        walk.settle()
        return
    tables = changed(walk.engine, walk.before)
    if tables:
        walk.faults.append(f"{where} left something in {tables}")
        walk.settle()
    if answer.status_code in (409, 422) and walk.copy is not None:
        walk.faults += [f"{where} {fault}" for fault in said_well(walk, form, answer, values, name)]


def said_well(walk: Walk, form: Form, answer: Any, values: dict[str, Any], name: str) -> list[str]:
    """What is wrong with a refused form: its words, where they stand, what was lost."""
    soup = BeautifulSoup(answer.text, "html.parser")  # whether pages are sound HTML is asked of every page elsewhere
    errors = [tag.get_text(" ", strip=True) for tag in soup.select("p.error, .summary li")]
    if answer.status_code == 409 and soup.select_one("[name=base]"):
        errors = [soup.h1.get_text(" ", strip=True)]  # the page that shows what differs
    found = [] if errors else [f"says nothing: {soup.get_text(' ', strip=True)[:200]}"]
    if walk.language == "zh":
        found += [f"not in Chinese: {words!r}" for words in errors if not CJK.search(words)]
    loose = [tag.get_text(" ", strip=True) for tag in soup.select(".field > p.error:not([id])")]
    found += [f"stands by itself: {words!r}" for words in loose]
    described = {part for tag in soup.select("[aria-describedby]") for part in str(tag["aria-describedby"]).split()}
    found += [f"{tag['id']} describes nothing" for tag in soup.select("p.error[id]") if tag["id"] not in described]
    sent = values[name]
    if isinstance(sent, str) and len(sent.strip()) > 3 and name.rpartition("-")[2].endswith(PERSONAL):
        found += [f"repeats what was typed: {words!r}" for words in errors if sent.strip() in words]
    return [*found, *lost(form, soup, values)]


def lost(form: Form, soup: BeautifulSoup, values: dict[str, Any]) -> list[str]:
    """Fields that no longer hold what was sent."""
    alike = [one for one in bad.found_in(soup, form.action, form.name, fill=False) if same(one, form)]
    if not alike:
        return ["the form is gone"]
    again = max(alike, key=lambda one: len(set(one.values) & set(form.values)))  # the frame may hold a smaller one
    wanted = {name: values[name] for name in bad.judged_fields(form) if values[name] is not MISSING and name not in FRAME}
    return [
        f"{name} held {str(value)[:60]!r}, now {str(again.values.get(name))[:60]!r}"
        for name, value in wanted.items()
        if name in again.values and not kept(value, again.values[name])
    ]


def same(one: Form, other: Form) -> bool:
    """Whether two forms of a page are the same one."""
    return urlsplit(one.action).path == urlsplit(other.action).path and set(one.values) & set(other.values) > {"csrf_token"}


def kept(sent: Any, held: Any) -> bool:
    """Whether a field holds what was sent; a choice that is not offered cannot be shown again, nor a sign no page can carry."""
    if isinstance(held, list | bad.Choice):
        return True
    if isinstance(sent, list) and len(sent) == 1:
        sent = sent[0]  # one box ticked
    return bad.visible(str(sent)) == bad.visible(str(held))
