"""Cases of social affairs through their forms, and a look at what was written."""

from typing import Any

from sqlalchemy import select

from caseapp.access.system import system_session


def opened(browser: Any, person: Any, matter: str, kind: str | None = None, **more: Any) -> str:
    """Opens a case through the form; the address of its file."""
    url = f"/affairs/cases/new?client={person}"
    said = {"source": "visit", "matter": matter, "kind": kind or "", **more}
    page = browser.post(url, browser.get(url).form() | said)
    assert page.address.startswith("/affairs/cases/"), page.words[:400]
    return str(page.address)


def send(browser: Any, url: str, status: int = 200, **said: Any) -> Any:
    """Opens a form, changes these fields, sends it."""
    return browser.post(url, browser.get(url).form() | said, status=status)


def agree(browser: Any, person: Any) -> None:
    """The person consents on paper."""
    send(browser, f"/clients/{person}/consents/new", basis="consent", scopes=["service", "sensitive"], paper_place="柜1")


def entry(page: Any, kind: str) -> str:
    """The address of the page on which the first entry of this kind is taken back."""
    return str(page.soup.select_one(f'a[href*="/entries/{kind}/"]')["href"])


def rows_of(engine: Any, model: Any, *where: Any) -> list[Any]:
    """Rows as they are now, whoever may see them."""
    with engine.app.app_context(), system_session("look") as session:
        found = list(session.scalars(select(model).where(*where).order_by(model.id)))
        session.expunge_all()
        return found


def one(engine: Any, model: Any, *where: Any) -> Any:
    """The only such row."""
    found = rows_of(engine, model, *where)
    assert len(found) == 1, found
    return found[0]
