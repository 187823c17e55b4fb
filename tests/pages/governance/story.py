"""A community case of Riverside and its papers, for the tests of community governance; all of it is invented."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from caseapp.access.system import system_session
from caseapp.core import clock

EAST, WEST = "222403101201", "222403101202"


def day(shift: int = 0) -> str:
    """A day from today."""
    return (clock.today() + timedelta(days=shift)).isoformat()


def row(engine: Any, model: Any, *where: Any) -> Any:
    """The one row that fits, whoever may see it."""
    with engine.app.app_context(), system_session("look") as session:
        found = session.scalars(select(model).where(*where)).unique().one()
        session.expunge_all()
        return found


def opened(bo: Any, **more: Any) -> str:
    """The address of a new case about a neighbourhood of East village."""
    form = bo.get("/governance/cases/new?community=1").form()
    given = {
        "community_code": EAST,
        "community_name": "北屯",
        "source": "village",
        "risk_reason": "Fire in winter",
        "matters": ["safety"],
    }
    page = bo.post("/governance/cases/new?community=1", form | given | more)
    assert "/governance/cases/" in page.address and "new" not in page.address, page.words[:400]
    return page.address


def step(browser: Any, case: str, name: str) -> Any:
    """Takes an ordinary step by its page."""
    url = f"{case}/{name}"
    return browser.post(url, browser.get(url).form())


def request(bo: Any, **more: Any) -> str:
    """The address of a new request."""
    form = bo.get("/governance/requests/new").form()
    given = {
        "what": "路灯坏了三个月",
        "matters": ["facilities"],
        "division_code": EAST,
        "channel": "visit",
        "contact": "13800007777",
    }
    page = bo.post("/governance/requests/new", form | given | more)
    assert page.address != "/governance/requests/new", page.words[:400]
    return page.address


def survey(bo: Any, **more: Any) -> str:
    """The address of a new survey with one finding."""
    form = bo.get("/governance/surveys/new").form()
    given = {
        "title": "北屯居民需求调研",
        "division_code": EAST,
        "from_on": day(-20),
        "to_on": day(-5),
        "methods": ["home_visits", "talks"],
        "sample": "60",
        "population": "240",
        "findings-0-need": "冬天没有地方活动",
        "findings-0-item": "D2.2",
        "findings-0-said": "41",
        "findings-0-urgency": "high",
    }
    page = bo.post("/governance/surveys/new", form | given | more)
    assert page.address != "/governance/surveys/new", page.words[:400]
    return page.address
