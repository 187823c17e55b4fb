"""Every page of social assistance on a phone in Chinese and on a desktop in English: no serious axe finding, no sideways scroll."""

from typing import Any

import pytest

from caseapp.access.system import system_session
from caseapp.models.details.assistance import MeansSection, MeansSheet
from caseapp.models.organisation import User
from tests import poor
from tests.conftest import missing
from tests.e2e.conftest import AXE, DESKTOP, PHONE
from tests.e2e.test_crawl import check

LINE = {"key": "aaaaaaaaaaaa", "kind": "other", "amount": 1234567, "per": "month", "times": 3, "who": None, "what": "砖厂", "basis": "verified",
        "evidence": "bank", "place": "柜2", "note": "一句很长很长很长很长很长很长的备注"}  # fmt: skip


@pytest.mark.parametrize(("size", "locale"), [(DESKTOP, "en"), (PHONE, "zh-CN")], ids=["desktop-en", "phone-zh"])
def test_every_page(sqlite: Any, visitor: Any, size: Any, locale: str) -> None:
    if not AXE.exists():
        missing("axe-core (npm ci)")
    found = poor.family(sqlite)
    ids = poor.lay(sqlite, found)
    poor.detail(sqlite, found["case"], urgent_needs=["heat", "food"], hardships=["illness", "debt"])
    with sqlite.app.app_context(), system_session("rows", write=True) as session:
        session.get(User, sqlite.cast.users["bo"]).language = locale[:2]
        for section in session.query(MeansSection).filter(MeansSection.section != "members"):
            section.content = [LINE]
        session.get(MeansSheet, ids["sheet_id"]).remark = "三间砖房"
    case = f"/assistance/cases/{ids['case_id']}"
    sheet, request, benefit = (
        f"{case}/{name}"
        for name in (f"means/{ids['sheet_id']}", f"applications/{ids['request_id']}", f"benefits/{ids['benefit_id']}")
    )
    pages = [
        case, f"{case}/means", f"{case}/aid", f"{case}/urgent", f"{case}/edit", f"{case}/applications/new", f"{case}/benefits/new",
        sheet, *(f"{sheet}/{name}" for name in ("enquiry", "members", "void", "print", "sections/income", "sections/property")),
        request, *(f"{request}/{name}" for name in ("edit", "hand-in", "answer", "appeal")),
        benefit, f"{benefit}/end", "/assistance/rechecks", "/assistance/cases", f"/assistance/family?client={found['client']}",
        f"/assistance/cases/new?client={found['client']}",
    ]  # fmt: skip
    bo, faults = visitor("bo", size, locale), []
    for path in pages:
        answer = bo.page.goto(bo.address + path)
        if answer is None or answer.status != 200:
            faults.append(f"{path}: {answer and answer.status}")
            continue
        for fold in bo.page.locator("main details").all():
            fold.evaluate("e => e.open = true")
        faults += check(bo.page, path)
    assert faults == [], "\n".join(faults)
