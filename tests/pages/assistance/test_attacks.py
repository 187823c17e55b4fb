"""Hostile input to every form of the domain: a message or the right 4xx, nothing half written, nothing echoed as markup."""

from itertools import cycle
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from caseapp.access.system import system_session
from caseapp.models.details.assistance import AidAnswer, AidBenefit, AidRequest, MeansSection, MeansSheet
from tests import poor
from tests.page import Browser

HOSTILE = [
    "",
    "x" * 20_000,
    "\x00\x07\x1b[31m",
    "\u202egnp.exe\u2066",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "=1+1",
    "👩‍🌾𠮷㛃䶮",
    "0001-01-01",
    "2999-12-31",
    "-1",
    "9" * 400,
    "1e9999",
    "NaN",
    "../../etc/passwd",
    "'; DROP TABLE means_sheet; --",
]
ROWS = (AidAnswer, AidBenefit, AidRequest, MeansSection, MeansSheet)


def names(page: Any) -> set[str]:
    return page.names() - {"csrf_token", "op_id", "q", "more"}


def counts(engine: Any) -> dict[str, int]:
    with engine.app.app_context(), system_session("look") as session:
        return {model.__tablename__: session.scalar(select(func.count()).select_from(model)) for model in ROWS}


@pytest.fixture
def forms(sqlite: Any) -> tuple[Any, list[str], dict[str, Any]]:
    """Bo, the addresses of every form, and the ids that were laid."""
    ids = poor.lay(sqlite, poor.family(sqlite))
    bo = Browser(sqlite, "bo")
    case = f"/assistance/cases/{ids['case_id']}"
    sheet, request, benefit = (
        f"{case}/{name}"
        for name in (f"means/{ids['sheet_id']}", f"applications/{ids['request_id']}", f"benefits/{ids['benefit_id']}")
    )
    urls = [
        *(f"{sheet}/{part}" for part in ("enquiry", "members", "void")),
        *(f"{sheet}/sections/{part}" for part in ("income", "deduction", "property", "expense")),
        *(f"{request}/{part}" for part in ("edit", "hand-in", "answer", "appeal")),
        f"{case}/applications/new",
        f"{case}/benefits/new",
        benefit,
        f"{benefit}/end",
        f"{case}/urgent",
        f"{case}/edit",
    ]
    return bo, urls, ids


def test_every_field_of_every_form_takes_no_harm(sqlite: Any, forms: Any) -> None:
    bo, urls, _ids = forms
    before, faults = counts(sqlite), []
    for url in urls:
        page = bo.get(url)
        for value in HOSTILE:
            data = dict.fromkeys(names(page), value) | {"csrf_token": bo.csrf(), "op_id": str(uuid4())}
            answer = bo.client.post(url, data=data, headers=bo.headers)
            if answer.status_code >= 500 or answer.status_code < 400:
                faults.append(f"{url} with {value[:20]!r}: {answer.status_code}")
            if "<script>alert" in answer.text or "<img src=x" in answer.text:
                faults.append(f"{url}: markup came back")
    assert faults == []
    assert counts(sqlite) == before


def test_one_bad_field_beside_good_ones(forms: Any) -> None:
    """Each field alone among good values, each time with the next of the hostile ones: never an error of ours."""
    bo, urls, _ids = forms
    turn = cycle(HOSTILE[1:])
    good = {
        "aid": "medical", "handed_in_on": "2026-09-05", "handed_in_to": "office", "answer": "withdrawn", "answered_on": "2026-09-06",
        "from_on": "2026-09-01", "needs": "food", "what": "rice", "helped_by": "village", "to_on": "2026-09-09", "end_reason": "moved",
        "lines-0-kind": "other", "lines-0-amount": "5", "lines-0-per": "month", "told_on": "2026-09-09", "reason": "because",
    }  # fmt: skip
    faults = []
    for url in urls:
        page = bo.get(url)
        fields = page.form()
        known = names(page)
        for name in sorted(known - {"version", "draft_form", "draft_record", "draft_title", "draft_file", "draft_address"}):
            value = next(turn)
            data = fields | {k: v for k, v in good.items() if k in known} | {name: value, "op_id": str(uuid4())}
            data["version"] = "999"  # whatever passes is stale, so that nothing moves on
            answer = bo.client.post(url, data=data, headers=bo.headers)
            if answer.status_code >= 500:
                faults.append(f"{url} {name}={value[:20]!r}: {answer.status_code}")
    assert faults == []


def test_a_version_that_is_none_and_ids_that_are_nobodys(forms: Any) -> None:
    bo, urls, ids = forms
    for url in urls:
        data = bo.get(url).form() | {"version": "", "csrf_token": bo.csrf()}
        assert bo.client.post(url, data=data, headers=bo.headers).status_code < 500
        for key in ("sheet_id", "request_id", "benefit_id"):
            odd = url.replace(str(ids[key]), str(uuid4()))
            if odd != url:
                assert bo.client.get(odd, headers=bo.headers).status_code == 404
    assert bo.client.get("/assistance/family", headers=bo.headers).status_code == 404
    assert bo.client.get("/assistance/family?client=x", headers=bo.headers).status_code == 404
