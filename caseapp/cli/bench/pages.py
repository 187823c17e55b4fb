"""The pages that are measured, each as a signed-in user asks for it through the whole WSGI app."""

from collections.abc import Callable, Iterator
from typing import Any

from flask import Flask, url_for
from sqlalchemy import case as case_
from sqlalchemy import select

from caseapp.access.system import system_session
from caseapp.cli.bench import forms
from caseapp.cli.demo.places import PASSWORD
from caseapp.models.casework import Case, Client
from caseapp.models.organisation import User

Prepare = Callable[[], Callable[[], Any]]


class Visitor:
    """A signed-in account of the demo."""

    def __init__(self, app: Flask, username: str) -> None:
        self.app, self.client = app, app.test_client()
        page = self.client.get("/login").text
        answer = self.client.post("/login", data={"csrf_token": forms.token(page), "username": username, "password": PASSWORD})
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
    names = ("worker", "township", "county", "province", "auditor", "evaluator")
    worker, township, county, province, auditor, empty = (Visitor(app, name) for name in names)
    yield "empty page", _get(empty, found["today"])
    yield "today", _get(worker, found["today"])
    yield "client list", _get(worker, found["list"])
    yield "search", _search(worker, found["search"])
    yield "client file", _get(worker, found["client"])
    yield "case file", _get(worker, found["case"])
    yield "visit form", _get(worker, found["visit"])
    yield "visit write", _visit(worker, found["visit"])
    yield "station figures", _get(worker, found["live"])
    yield "county table", _get(county, found["figures"])
    yield "province desk", _get(province, found["desk"])
    yield "township today", _get(township, found["today"])
    yield "station at a glance", _get(township, found["station"])
    yield "auditor today", _get(auditor, found["today"])


def _addresses() -> dict[str, str]:
    """Whose file is opened: a person of `worker` with a case in service, the same whatever the size."""
    with system_session("bench: whose file") as session:
        worker = session.scalars(select(User.id).where(User.username == "worker")).one()
        query = select(Case).where(Case.worker_id == worker, Case.client_id.is_not(None), Case.klass == "P2")
        serving_first = case_((Case.status == "serving", 0), else_=1)
        case = session.scalars(query.order_by(serving_first, Case.found_on, Case.id)).first()
        if case is None or case.client_id is None:
            raise RuntimeError("the demo has no case of a person for worker")
        client = session.get_one(Client, case.client_id)
        return {
            "today": url_for("today.index"),
            "list": url_for("clients.index"),
            "search": url_for("clients.search"),
            "client": url_for("clients.show", client_id=client.id),
            "case": url_for(f"{case.domain}.show", case_id=case.id),
            "visit": url_for("visits.new", client=client.id),
            "live": url_for("statistics.station"),
            "figures": url_for("statistics.table", table="on_file_age"),
            "desk": url_for("statistics.index"),
            "station": url_for("oversight.station", station_id=case.station_id),
        }


def _get(visitor: Visitor, address: str) -> Prepare:
    return lambda: lambda: visitor.get(address)


def _search(visitor: Visitor, address: str) -> Prepare:
    """A search by the pinyin of a common surname; sent as a form, so that no name stands in an address."""
    form = forms.own(visitor.get(address))
    sent = {"csrf_token": form.fields["csrf_token"], str(form.words): "wang"}

    def ask() -> None:
        answer = visitor.client.post(address, data=sent)
        if answer.status_code != 200:
            raise RuntimeError(f"{address} answers {answer.status_code}")

    return lambda: ask


def _visit(visitor: Visitor, address: str) -> Prepare:
    """The visit form is fetched anew for every write, as it carries the key that keeps a repeat from counting twice."""

    def prepare() -> Callable[[], Any]:
        fields: dict[str, Any] = {**forms.own(visitor.get(address)).fields}
        fields |= {"outcome": "done", "kind": "home", "minutes": "30", "note": "bench"}
        return lambda: visitor.post(address, fields)

    return prepare
