"""The pages that are measured, each as a signed-in user asks for it through the whole WSGI app."""

from collections.abc import Callable, Iterator
from typing import Any

from bs4 import BeautifulSoup
from flask import Flask, url_for
from sqlalchemy import select

from caseapp.access.system import system_session
from caseapp.cli.demo.places import PASSWORD
from caseapp.models.casework import Case, Client
from caseapp.models.organisation import User

Prepare = Callable[[], Callable[[], Any]]


class Visitor:
    """A signed-in account of the demo."""

    def __init__(self, app: Flask, username: str) -> None:
        self.app, self.client = app, app.test_client()
        page = self.client.get("/login").text
        answer = self.client.post("/login", data={"csrf_token": _token(page), "username": username, "password": PASSWORD})
        if answer.status_code != 302:
            raise RuntimeError(f"{username} cannot sign in: {answer.status_code}")

    def get(self, address: str) -> str:
        """A page that must answer."""
        answer = self.client.get(address)
        if answer.status_code != 200:
            raise RuntimeError(f"{address} answers {answer.status_code}")
        return answer.text

    def post(self, address: str, fields: dict[str, Any]) -> str:
        """A form that must be taken: the answer leads on."""
        answer = self.client.post(address, data=fields)
        if answer.status_code != 302:
            raise RuntimeError(f"{address} answers {answer.status_code}")
        return answer.text


def pages(app: Flask) -> Iterator[tuple[str, Prepare]]:
    """(name, how to prepare one request) of everything that is measured; the empty page comes first."""
    with app.test_request_context():
        found = _addresses()
    worker, county, empty = (Visitor(app, name) for name in ("worker", "county", "evaluator"))
    yield "empty page", _get(empty, found["today"])
    yield "today", _get(worker, found["today"])
    yield "client list", _get(worker, found["list"])
    yield "search", _search(worker, found["search"])
    yield "client file", _get(worker, found["client"])
    yield "case file", _get(worker, found["case"])
    yield "visit form", _get(worker, found["visit"])
    yield "visit write", _visit(worker, found["visit"])
    yield "county table", _get(county, found["figures"])


def _addresses() -> dict[str, str]:
    """Whose file is opened: a person of `worker` with a case in service, the same whatever the size."""
    with system_session("bench: whose file") as session:
        worker = session.scalars(select(User.id).where(User.username == "worker")).one()
        query = select(Case).where(Case.worker_id == worker, Case.status == "serving", Case.klass == "P2")
        case = session.scalars(query.order_by(Case.found_on, Case.id)).first()
        if case is None or case.client_id is None:
            raise RuntimeError("the demo has no case in service for worker")
        client = session.get_one(Client, case.client_id)
        return {
            "today": url_for("today.index"),
            "list": url_for("clients.index"),
            "search": url_for("clients.search"),
            "client": url_for("clients.show", client_id=client.id),
            "case": url_for(f"{case.domain}.show", case_id=case.id),
            "visit": url_for("visits.new", client=client.id),
            "figures": url_for("statistics.index"),
        }


def _get(visitor: Visitor, address: str) -> Prepare:
    return lambda: lambda: visitor.get(address)


def _search(visitor: Visitor, address: str) -> Prepare:
    """A search by the pinyin of a common surname; sent as a form, so that no name stands in an address."""
    token = _token(visitor.get(address))
    field = _text_field(visitor.get(address))

    def ask() -> None:
        answer = visitor.client.post(address, data={"csrf_token": token, field: "wang"})
        if answer.status_code != 200:
            raise RuntimeError(f"{address} answers {answer.status_code}")

    return lambda: ask


def _visit(visitor: Visitor, address: str) -> Prepare:
    """The visit form is fetched anew for every write, as it carries the key that keeps a repeat from counting twice."""

    def prepare() -> Callable[[], Any]:
        fields = _fields(visitor.get(address)) | {"outcome": "done", "kind": "home", "minutes": "30", "note": "bench"}
        return lambda: visitor.post(address, fields)

    return prepare


def _token(page: str) -> str:
    tag = BeautifulSoup(page, "html5lib").find("input", attrs={"name": "csrf_token"})
    return str(tag["value"]) if tag else ""


def _text_field(page: str) -> str:
    """The name of the search field."""
    soup = BeautifulSoup(page, "html5lib")
    tag: Any = soup.select_one("main form[method=post] input[type=search], main form[method=post] input[type=text]")
    return str(tag["name"])


def _fields(page: str) -> dict[str, Any]:
    """What a browser would send of the page's own form as it stands."""
    soup = BeautifulSoup(page, "html5lib")
    form: Any = soup.select_one("main form[method=post]")
    found: dict[str, Any] = {}
    for tag in form.select("input[name], textarea[name]"):
        kind = tag.get("type", "text")
        if kind in ("radio", "checkbox") and not tag.has_attr("checked"):
            continue
        if kind not in ("submit", "button"):
            found.setdefault(tag["name"], []).append(tag.get("value", tag.text))
    for tag in form.select("select[name]"):
        chosen = tag.select_one("option[selected]") or tag.select_one("option")
        found.setdefault(tag["name"], []).append(chosen.get("value", "") if chosen else "")
    return found
