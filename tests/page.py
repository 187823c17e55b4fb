"""A test browser: signs in, follows forms with their tokens, and checks every page it is given (architecture.md section 9)."""

import json
import re
import secrets
from functools import cached_property
from typing import Any

from bs4 import BeautifulSoup
from flask import session
from flask_wtf.csrf import generate_csrf

from caseapp.access import identity
from caseapp.access.system import system_session
from caseapp.core import clock
from caseapp.models import organisation as o
from tests import sound


class Browser:
    """A client of one person of the cast, on pages and on the API."""

    def __init__(self, engine: Any, name: str | None, language: str = "en") -> None:
        self.engine, self.name = engine, name
        self.client = engine.app.test_client()
        self.headers = {"Accept-Language": language}
        self.token: str | None = None
        if name is not None:
            self._sign_in(name, language)

    def _sign_in(self, name: str, language: str) -> None:
        """A session and an API token of the cast, put straight into the database (the login page has tests of its own)."""
        cast, now = self.engine.cast, clock.now()
        cookie, self.token = f"cookie-{name}-{now.timestamp()}".ljust(43, "x"), f"token-{name}-{now.timestamp()}".ljust(43, "x")
        grant = cast.grants.get(name)
        with self.engine.app.app_context(), system_session("test sign-in", write=True) as session:
            user = session.get(o.User, cast.users[name])
            user.language = language
            session.add(
                o.UserSession(
                    user_id=user.id,
                    token_hash=identity.digest(cookie),
                    grant_id=grant,
                    device="test",
                    kind="web",
                    started_at=now,
                    seen_at=now,
                )
            )
            if grant:
                session.add(
                    o.ApiToken(
                        user_id=user.id,
                        grant_id=grant,
                        token_hash=identity.digest(self.token),
                        made_at=now,
                        fresh_at=now,
                        expires_at=now.replace(year=now.year + 1),
                    )
                )
        with self.client.session_transaction() as held:
            held["sid"] = cookie

    def get(self, url: str, status: int = 200, **more: Any) -> "Page":
        """A page; a redirect is followed unless another status is expected."""
        response = self.client.get(url, headers=self.headers, follow_redirects=status == 200, **more)
        return Page(self, response, url, status)

    def post(self, url: str, data: Any = None, status: int = 200, **more: Any) -> "Page":
        """Posts a form with a valid token of the session, or the one among its fields."""
        fields = dict(data or {})
        fields.setdefault("csrf_token", self.csrf())
        response = self.client.post(url, data=fields, headers=self.headers, follow_redirects=status == 200, **more)
        return Page(self, response, url, status)

    def csrf(self) -> str:
        """A valid token of this session, as a form that was drawn for it would hold."""
        with self.client.session_transaction() as held:
            kept = held.setdefault("csrf_token", secrets.token_hex(20))
        with self.engine.app.test_request_context():
            session["csrf_token"] = kept
            return str(generate_csrf())

    def api(self, method: str, path: str, body: Any = None, status: int | None = None, **headers: str) -> Any:
        """A call; the answer carries `.json`, `.status_code`, `.headers`."""
        sent = {"Authorization": f"Bearer {self.token}", **{k.replace("_", "-"): v for k, v in headers.items()}}
        data = json.dumps(body) if body is not None else None
        address = path if path.startswith("/api/") else "/api/v1" + path
        response = self.client.open(
            address, method=method, data=data, headers=sent, content_type="application/json" if data is not None else None
        )
        if status is not None:
            assert response.status_code == status, f"{method} {address}: {response.status_code} {response.text[:600]}"
        assert response.status_code < 500, response.text[:600]
        return response


class Page:
    """An answer in HTML, checked on arrival."""

    def __init__(self, browser: Browser, response: Any, url: str, status: int) -> None:
        self.browser, self.response, self.url = browser, response, url
        self.status, self.text, self.headers = response.status_code, response.text, response.headers
        self.soup = BeautifulSoup(self.text, "html.parser")
        assert self.status == status, f"{url}: {self.status}, not {status}: {self.words[:700]}"
        if response.mimetype == "text/html" and "<html" in self.text and status not in range(300, 400):
            self._check()

    @cached_property
    def words(self) -> str:
        """The visible words of the page."""
        return " ".join(self.soup.get_text(" ").split())

    @property
    def address(self) -> str:
        """The path that answered, after redirects."""
        return str(self.response.request.path)

    def names(self) -> set[str]:
        """The names of all fields, chosen or not, of every posting form of the page."""
        return {str(tag["name"]) for tag in self.soup.select("form[method=post] [name]")}

    def _check(self) -> None:
        soup, where = self.soup, self.url
        assert (odd := sound.oddly_nested(self.text, soup)) is None, f"{where}: {odd}"
        assert len(soup.find_all("h1")) == 1, f"{where}: {len(soup.find_all('h1'))} h1"
        assert soup.html.get("lang") in ("zh-CN", "en"), where
        ids = [tag["id"] for tag in soup.find_all(id=True)]
        assert len(ids) == len(set(ids)), f"{where}: doubled ids {sorted({i for i in ids if ids.count(i) > 1})}"
        labelled = {label.get("for") for label in soup.find_all("label")}
        for field in soup.find_all(["input", "select", "textarea"]):
            if field.get("type") in ("hidden", "submit"):
                continue
            known = (
                field.get("id") in labelled
                or field.find_parent("label")
                or field.get("aria-label")
                or field.get("aria-labelledby")
            )
            assert known, f"{where}: no label for {field.get('name')}"
        for form in soup.find_all("form"):
            if form.get("method", "get").lower() == "post":
                assert form.find("input", attrs={"name": "csrf_token"}), f"{where}: form without token: {form.get('action')}"
        for tag in soup.find_all(True):
            bad = [name for name in tag.attrs if name == "style" or name.startswith("on")]
            assert not bad, f"{where}: {bad} on <{tag.name}>"
        assert not soup.find("script", src=False), f"{where}: inline script"

    def form(self, action: str | None = None) -> dict[str, str]:
        """The present values of a form of the page (by part of its action, else the main one), ready to be changed and posted."""
        forms = [*self.soup.select("main form"), *self.soup.select("form")]  # the page's own before those of the frame
        forms = [f for f in forms if f.get("method", "").lower() == "post"]
        if action is not None:
            forms = [f for f in forms if action in f.get("action", "")]
        assert forms, f"{self.url}: no form {action or ''}"
        found: dict[str, Any] = {}
        for field in forms[0].find_all(["input", "select", "textarea"]):
            name = field.get("name")
            if not name or (field.get("type") in ("checkbox", "radio") and not field.has_attr("checked")):
                continue
            if field.name == "select":
                chosen = field.find("option", selected=True) or field.find("option")
                value = chosen.get("value", chosen.text) if chosen else ""
            else:
                value = re.sub(r"\A\r?\n", "", field.text) if field.name == "textarea" else field.get("value", "")
            found[name] = (
                [*([found[name]] if not isinstance(found.get(name), list) else found[name]), value] if name in found else value
            )
        return found
