"""Opening a case of social affairs: the matter first, restricted matters by themselves, several matters side by side."""

from typing import Any

from sqlalchemy import select

from caseapp.access.system import system_session
from caseapp.models.casework import Case, TargetTag
from caseapp.models.details.affairs import AffairsDetail
from tests.pages.affairs.story import one


def open_case(browser: Any, person: Any, matter: str | None, kind: str | None = None, status: int = 200, **more: Any) -> Any:
    """Through the form."""
    url = f"/affairs/cases/new?client={person}"
    said = {"source": "visit", "matter": matter, "kind": kind, **more}
    return browser.post(url, browser.get(url).form() | {k: v for k, v in said.items() if v is not None}, status=status)


def test_every_matter_opens_and_shows_its_page(engine: Any, web: Any, person: Any) -> None:
    bo = web("bo")
    for matter, kind in (
        ("family", "MF02"),
        ("funeral", "FN02"),
        ("disability", None),
        ("psychiatric", None),
        ("vagrant", "VB01"),
    ):
        open_case(bo, person, matter, kind)
        detail = one(engine, AffairsDetail, AffairsDetail.matter == matter)
        case = one(engine, Case, Case.id == detail.case_id)
        assert case.case_no.startswith("AF-") and case.klass == ("P3" if matter == "psychiatric" else "P2")
        for page in ("", "/matter", "/edit", "/print", "/history"):
            bo.get(f"/affairs/cases/{case.id}{page}")
    with engine.app.app_context(), system_session("look") as session:
        tags = {(row.code, row.klass, row.case_id is not None) for row in session.scalars(select(TargetTag))}
    assert tags == {("MF02", "P2", False), ("FN02", "P2", False), ("MD01", "P3", True), ("VB01", "P2", False)}


def test_the_matter_is_asked_and_its_kind_must_fit(web: Any, person: Any) -> None:
    bo = web("bo")
    assert "Please fill this in" in open_case(bo, person, None, status=422).words
    assert "Say which kind" in open_case(bo, person, "family", status=422).words
    page = open_case(bo, person, "family", "VB01", status=422, request="typed with care")
    assert "another matter" in page.words and "typed with care" in page.text


def test_a_second_case_of_the_same_matter_is_refused(engine: Any, web: Any, person: Any) -> None:
    bo = web("bo")
    open_case(bo, person, "family", "MF01")
    assert "open case of this domain" in open_case(bo, person, "family", "MF03", status=409).words
    open_case(bo, person, "funeral", "FN01")
