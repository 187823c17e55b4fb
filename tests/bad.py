"""Bad input, by what is bad about it, and the forms of every page as a browser would send them; all people invented."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag

from caseapp import reference
from caseapp.access.roles import ROLES
from caseapp.blueprints.http.guard import access_of
from caseapp.core import clock
from tests.bodies import NUMBER, day
from tests.cast import PASSWORD, PEOPLE
from tests.laid import Laid
from tests.page import Browser

MISSING = object()  # the field is not sent at all


def texts(rows: dict[str, Laid]) -> dict[str, Any]:
    """What is put into a text field, by what is bad about it."""
    return {
        "missing": MISSING,
        "empty": "",
        "blank": " \u3000\t ",
        "another type": "no such thing",
        "unknown choice": "no_such_code",
        "100 kB": "长" * 34_000,
        "control characters": "a\x01\x1b[31mb\x7f",
        "NUL": "a\x00b",
        "right to left": "\u202e13800002207\u200f",
        "hidden characters": "a\u200b\u00ad\ufeffb",
        "markup": "<script>alert(1)</script>",
        "template": "{{7*7}} %(name)s {0} ${x}",
        "formula": "=1+1",
        "quotes": "'\"`; DROP TABLE client; --",
        "emoji": "👵🏽👍",
        "rare characters": "𠮷䶮",
        "line breaks": "a\r\nb\rc\u2028d",
        "year 0001": "0001-01-01",
        "year 9999": "9999-12-31",
        "tomorrow": day(1),
        "no such day": "2026-02-30",
        "malformed id": "01a20c39-5ee2-74a8-98",
        "a stranger's id": str(rows["Hillside"].ids["client_id"]),
        "a stranger's station": str(rows["Faraway"].ids["organisation_id"]),
        "negative": "-1",
        "huge": "9" * 400,
        "fraction": "1.5",
        "exponent": "1e309",
        "other digits": "١٢",
        "an identity number": NUMBER,
    }


@dataclass
class Form:
    """A form of a page: who saw it where, where it goes, and what it holds when sent."""

    name: str | None
    page: str
    action: str
    values: dict[str, Any]
    fields: tuple[str, ...] = field(default=())


# what would do where a browser has nothing filled in, by field name; every other text is a few words
FILLED = {
    "name": "王淑华",
    "document_number": NUMBER,
    "number": "E12345678",
    "phone": "13800002207",
    "contact_phone": "13800002207",
    "emergency_phone": "13900001112",
    "contact_name": "王强",
    "emergency_name": "王强",
    "birth": "1945-03-02",
    "birth_year": "1950",
    "minutes": "30",
    "head_count": "3",
    "visit_days": "30",
    "began_at": "00:00",  # has come, whatever the time of the day
    "username": "somebody.new",
    "credit_code": "91220100MA0Y0XY135",
    "happened_on": day(-1),
    "review_on": day(30),
    "at": "",  # of today, so now
    "since_on": "",  # of what somebody sees to
    "carer_age": "60",
    "age": "9",
    "grade": "四年级",
    "amount": "120.50",
    "worth": "50",
    "times": "",
    "card_number": "",
    "current": PASSWORD,
    "password": "three quiet words",
    "again": "three quiet words",
    "code": "ABCD-EFGH-JKLM",
    "q": "person",
    "sample": "3",
    "said": "3",
    "present": "9",
    "persons": "2",
    "target_times": "4",
    "target_attendances": "4",
    "target_persons": "4",
    "budget": "4",
    "volunteers": "4",
    "households": "4",
    "residents": "4",
    "population": "9",
    "volunteer_hours": "4",
    "file_days": "30",
}
# they ask for what stands on no page: passwords, codes, files, what was really counted
NEVER_TAKEN = {
    "account.login",
    "account.code",
    "account.begin_factor",
    "account.prove",
    "account.remove_factor",
    "admin.refuse_asked",  # by somebody else than who asked
    "admin.reset_factor",  # one waits already
    "admin.divisions",
    "clients.break_glass",  # the number of a file that is shut to whoever asks
    "statistics.extract_approve",
    "statistics.preparation_publish",
    "statistics.release_new",
}
# page: an id in its address, and another row that shows other buttons there
FURTHER = {"statistics.extract": (("extract_id", "weighed_id"), ("extract_id", "handed_out_id"))}
CHOSEN = {"document_kind": "111", "contact_kind": "own", "emergency_kind": "relative", "kind": "own"}


def instead(row: Laid) -> dict[str, dict[str, Any]]:
    """By endpoint, where a form wants something else than a browser would send."""
    return {
        "admin.new_grant": {"role": "supervisor", "places": [str(row.ids["organisation_id"])]},
        "clients.new_consent": {"scopes": ["service"]},
        **{f"governance.{page}": {"matters": ["roads"]} for page in ("new_request", "new_meeting")},
        "governance.new_delivery": {"case_id": ""},
        "governance.new_survey": {"methods": ["home_visits"]},
        "clients.new_document": {"kind": "414"},
        "duplicates.merge": {"seen": "y"},
        "audit.export": {"format": "csv", "purpose": "review"},
        "exports.new": {"format": "csv"},  # a workbook is no text to look at
        "households.relate": {"from_id": str(row.ids["member_id"]), "to_id": str(row.ids["named_id"]), "kind": "mother"},
        "visits.move": {"happened_on": day(-2)},
        "affairs.family": {"applied_on": "", "cooling_state": "", "cooling_ended_on": ""},
        "affairs.identify": {"number": NUMBER},
        "assistance.new_benefit": {"aid": "housing"},
        "assistance.enquiry": {"second_id": "", "second_name": "李干部", "second_office": "东村"},
        "assistance.new_application": {"aid": "temporary"},
        "assistance.urgent": {"needs": ["food"]},
        "children.evidence": {"evidence": ["none"]},
        "statistics.extract_new": {"years": [str(clock.today().year - 2)], "attributes": ["sex"], "sensitive": ["risk"]},
        "children.new_delegation": {f"bar_{bar}": "false" for bar in reference.codes("children_bar").codes()},
    }


def query(endpoint: str, row: Laid) -> str:
    """What a page must be asked with to show its form."""
    step = f"?protocol=suicide&step={reference.protocols()['suicide'].steps[0].code}"
    asked = {
        "elderly.note_step": step,
        "visits.new": f"?client={row.ids['client_id']}",
        "duplicates.merge": f"?twin={row.ids['caseless_id']}",
        "visits.round": "?village=222403101201",
        "admin.new_grant": "?role=supervisor&q=",
        "handovers.new": f"?client={row.ids['caseless_id']}",
        **{f"clients.{act}_several": f"?person={row.ids['caseless_id']}" for act in ("assign", "tag", "end")},
        "filters.new": "?listing=clients&query=risk%3Dred",
        "clients.index": "?risk=green",  # what is laid as a kept filter, with the way to forget it
    }
    domain, _dot, action = endpoint.partition(".")
    if action == "new" and domain in row.domains:
        return f"?client={row.value(endpoint, 'caseless_id')}"
    return asked.get(endpoint, "")


def found_in(html: str | BeautifulSoup, page: str, name: str | None, *, fill: bool = True) -> Iterator[Form]:
    """The posting forms of a page, filled in or as they stand."""
    for form in _soup(html).select("form[method=post]"):
        action = urlsplit(str(form.get("action") or page))
        where = urlsplit(page)
        asked = action.query or ("" if action.path else where.query)
        path = action.path or where.path
        yield Form(name, page, f"{path}?{asked}" if asked else path, dict(_values(form, fill)))


def _soup(html: str | BeautifulSoup) -> BeautifulSoup:
    return html if isinstance(html, BeautifulSoup) else BeautifulSoup(html, "html.parser")


def _values(form: Tag, fill: bool) -> Iterator[tuple[str, Any]]:
    groups: dict[str, list[Tag]] = {}
    for tag in form.find_all(["input", "select", "textarea"]):
        if tag.get("name"):
            groups.setdefault(str(tag["name"]), []).append(tag)
    for name, tags in groups.items():
        kind = str(tags[0].get("type", "text")) if tags[0].name == "input" else str(tags[0].name)
        if kind == "checkbox":
            yield name, [str(tag.get("value", "on")) for tag in tags if tag.has_attr("checked")]
        elif kind in ("radio", "select"):
            yield name, _choice(name, tags, kind, fill)
        else:
            yield name, _text(name, tags[0], kind, fill)


class Choice(str):
    """A value that was chosen among those a page offers."""


def _choice(name: str, tags: list[Tag], kind: str, fill: bool) -> Choice:
    options = tags if kind == "radio" else tags[0].find_all("option")
    offered = [str(option.get("value", option.text)) for option in options]
    marked = [
        value for value, option in zip(offered, options, strict=True) if option.has_attr("checked") or option.has_attr("selected")
    ]
    held = marked[0] if marked else "" if kind == "radio" or not offered else offered[0]
    if held or not fill:
        return Choice(held)
    wanted = CHOSEN.get(name.rpartition("-")[2])
    return Choice(wanted if wanted in offered else next((value for value in offered if value), ""))


def _text(name: str, tag: Tag, kind: str, fill: bool) -> str:
    held = re.sub(r"\A\r?\n", "", tag.text) if kind == "textarea" else str(tag.get("value", ""))
    if held or not fill or kind in ("hidden", "file"):
        return held
    short = name.rpartition("-")[2]
    return FILLED.get(short, day() if kind == "date" or short.endswith("_on") else "30" if kind == "number" else "几句话")


def let_in(app: Any, name: str | None, endpoint: str) -> bool:
    """Whether a door opens to somebody of the cast; that the others meet it shut is asked in the tests of doors."""
    with app.app_context():
        access = access_of(endpoint)
    if access is None or access.public or name is None:
        return access is None or access.public
    role = PEOPLE[name][0]
    return not access.permissions or bool(role and set(access.permissions) & ROLES[role].permissions)


def forms(
    engine: Any, rows: dict[str, Laid], readers: Any, browsers: dict[str | None, Browser], routes: list[Any], address: Any
) -> dict[str, Form]:
    """The fullest form for every endpoint that takes one, seen by somebody of the cast on some page."""
    adapter = engine.app.url_map.bind("localhost")
    found: dict[str, Form] = {}
    for name, place in readers:
        row, browser = rows[place], browsers[name]
        for rule, method in routes:
            if method != "GET" or str(rule).startswith("/api/") or not let_in(engine.app, name, rule.endpoint):
                continue
            for url in _pages(engine.app, rule, row, address):
                answer = browser.client.get(url, headers=browser.headers)
                if answer.status_code != 200 or answer.mimetype != "text/html":
                    continue
                for form in found_in(answer.text, url, name):
                    endpoint = adapter.match(urlsplit(form.action).path, method="POST")[0]
                    if endpoint not in found or len(form.values) > len(found[endpoint].values):
                        found[endpoint] = form
    for endpoint, form in found.items():
        form.values |= instead(rows["Riverside"]).get(endpoint, {})
    return found


def _pages(app: Any, rule: Any, row: Laid, address: Any) -> Iterator[str]:
    """The page of a row, and where its buttons are others the further the row is, those of the rows that are further."""
    yield address(app, rule, row) + query(rule.endpoint, row)
    for argument, further in FURTHER.get(rule.endpoint, ()):
        yield address(app, rule, replace(row, ids=row.ids | {argument: row.ids[further]}))


def visible(text: str) -> str:
    """A text without what a page cannot carry or a browser changes: NUL, control characters, kinds of line breaks."""
    return re.sub("[\x00-\x09\x0b-\x1f\x7f-\x9f\ufffd]", "", re.sub("\r\n?", "\n", text)).strip()


OWN = re.compile(r"csrf_token|op_id|base|draft_\w+|password|current|again|code")


def judged_fields(form: Form) -> list[str]:
    """The fields that bad input is put into."""
    return [name for name in form.values if not OWN.fullmatch(name)]
