"""A means sheet on pages: from an empty form to the printed, frozen sheet; two writers; bad lines; constant statements."""

import re

import pytest
from sqlalchemy import select

from caseapp.access.system import system_session
from caseapp.core import clock
from caseapp.models.details.assistance import MeansSection, MeansSheet
from caseapp.models.trust import AuditEntry, Draft
from tests import poor
from tests.page import Browser

TODAY = clock.today().isoformat()


@pytest.fixture
def found(engine):
    """The family, its case with a typed part."""
    found = poor.family(engine)
    poor.detail(engine, found["case"])
    return found


def base(found):
    return f"/assistance/cases/{found['case']}"


def begin(bo, found):
    """The address of a new sheet."""
    return bo.post(f"{base(found)}/means/begin").address


def member(page, name):
    """The value of a member in the select of the first row."""
    return next(tag["value"] for tag in page.soup.select("select[name$='-who'] option") if tag.text == name)


def fill(bo, sheet, cast):
    """Every part once, as a worker would."""
    data = bo.get(f"{sheet}/enquiry").form() | {
        "enquired_on": TODAY,
        "methods": ["home", "neighbours"],
        "second_id": str(cast.users["ben"]),
        "consent_how": "thumbprint",
        "consent_on": TODAY,
        "paper_place": "柜2",
        "remark": "三间砖房",
    }
    assert bo.post(f"{sheet}/enquiry", data).address.endswith("/members"), "on to the next part"
    page = bo.get(f"{sheet}/members")
    names = [tag["name"] for tag in page.soup.select("input[name$='-key']")]
    last = names[-1].removesuffix("key")
    bo.post(f"{sheet}/members", page.form() | {f"{last}counted": "false", f"{last}why": "own_household"})
    page = bo.get(f"{sheet}/sections/income")
    wage = {"kind": "wage", "amount": "１,500.50", "per": "month", "times": "6", "who": member(page, "王大山")}
    rent = {"kind": "property", "amount": "0.24万", "per": "year", "evidence": "contract", "basis": "verified"}
    more = {f"lines-{n}-{k}": v for n, line in enumerate((wage, rent)) for k, v in line.items()}
    bo.post(f"{sheet}/sections/income", page.form() | more)
    for name in ("deduction", "property", "expense"):
        bo.post(f"{sheet}/sections/{name}", bo.get(f"{sheet}/sections/{name}").form() | {"said_none": "y"})


def test_two_persons_fill_a_sheet_finish_print_and_freeze_it(engine, web, found, cast):
    bo = web("bo")
    sheet = begin(bo, found)
    page = bo.get(sheet)
    assert "Still needed" in page.words and "Finish the sheet" not in page.words
    bo.post(f"{sheet}/finish", page.form("finish") if "Finish the sheet" in page.words else {"version": "6"}, status=409)
    fill(bo, sheet, cast)
    page = bo.get(sheet)
    assert "1 line without a paper" in page.words and "11,403" in page.words, page.words  # 1500.50 × 6 + 2400
    assert "950.25 yuan" in page.words and "316.75 yuan each" in page.words
    for verdict in ("eligible", "entitled to aid", "qualifies", "score"):
        assert verdict not in page.words.lower().replace("whether anybody is entitled to anything", "")
    page = bo.post(f"{sheet}/finish", page.form("finish"))
    assert "finished" in page.words and "change" not in [tag.text for tag in page.soup.select("main .section a")]
    printed = bo.get(f"{sheet}/print")
    assert [next(tag.stripped_strings) for tag in printed.soup.select(".signatures > div")][1:3] == ["Bo", "Ben"]
    assert "三间砖房" in printed.words
    bo.get(f"{sheet}/enquiry", status=409)
    bo.get(f"{sheet}/sections/income", status=409)
    again = begin(bo, found)
    assert again != sheet
    words = bo.get(again).words
    assert "beside the sheet of" in words and "last time 9,003" in words and "unchanged" in words
    with engine.app.app_context(), system_session("look") as session:
        events = set(session.scalars(select(AuditEntry.event)))
    assert {"means.begun", "means.finished", "means.printed", "means.opened"} <= events


def test_two_writers_of_one_section_see_each_other(engine, web, found):
    """What only the other wrote is there, what I wrote is kept, what both changed is shown; nothing is lost or doubled."""
    bo, ben = web("bo"), web("ben")
    sheet = begin(bo, found)
    url = f"{sheet}/sections/expense"
    first = {"lines-0-kind": "medical", "lines-0-amount": "100", "lines-0-per": "month"}
    second = {"lines-1-kind": "education", "lines-1-amount": "900", "lines-1-per": "once"}
    bo.post(url, bo.get(url).form() | first | second | {"stay": "1"})
    mine, theirs = bo.get(url).form(), ben.get(url).form()
    assert (mine["lines-0-amount"], mine["lines-1-amount"]) == ("100", "900")
    ben.post(url, theirs | {"lines-0-amount": "120", "lines-1-amount": "950"})
    new = {"lines-2-kind": "housing", "lines-2-amount": "50", "lines-2-per": "month"}
    page = bo.post(url, mine | {"lines-0-amount": "130"} | new, status=409)
    form = page.form()
    assert (form["lines-0-amount"], form["lines-1-amount"], form["lines-2-amount"]) == ("130", "950", "50")
    assert "Ben saved at" in page.words and "120 yuan" in page.words, page.words
    bo.post(url, form)
    amounts = sorted(line["amount"] for line in content(engine, "expense"))
    assert amounts == [5000, 13000, 95000]


def content(engine, name):
    with engine.app.app_context(), system_session("look") as session:
        return session.scalars(select(MeansSection).where(MeansSection.section == name)).one().content


BAD = [
    ({"amount": "viel"}, "Give the amount as a number"),
    ({"amount": "-5"}, "not below zero"),
    ({"amount": "1.999"}, "two decimals"),
    ({"amount": "9" * 20}, "too large"),
    ({"amount": ""}, "Please fill this in"),
    ({"kind": "salary"}, "Choose one of the answers offered"),
    ({"per": ""}, "Please fill this in"),
    ({"per": "day"}, "how many times"),
    ({"times": "0"}, "Between 1 and 366 times"),
    ({"who": "<b>"}, "Choose one of the answers offered"),
    ({"what": "x" * 61}, "At most 60 characters"),
]


def test_a_bad_line_is_told_at_its_field_and_keeps_what_was_typed(sqlite):
    found = poor.family(sqlite)
    bo = Browser(sqlite, "bo")
    url = f"{begin(bo, found)}/sections/income"
    for wrong, words in BAD:
        line = {"kind": "wage", "amount": "10", "per": "month", "note": "=1+1", **wrong}
        page = bo.post(url, bo.get(url).form() | {f"lines-0-{k}": v for k, v in line.items()}, status=422)
        assert words in page.words, (wrong, page.words)
        assert page.form()["lines-0-note"] == "=1+1"
        assert page.soup.select("main .error"), "told at the field"
    assert content(sqlite, "income") == []


def test_ten_thousand_lines_are_refused_politely(sqlite):
    found = poor.family(sqlite)
    bo = Browser(sqlite, "bo")
    url = f"{begin(bo, found)}/sections/income"
    lines = {f"lines-{n}-{k}": v for n in range(10_000) for k, v in (("kind", "wage"), ("amount", "1"), ("per", "month"))}
    page = bo.post(url, bo.get(url).form() | lines, status=422)
    assert "At most 40 lines" in page.words and "10000 were sent" in page.words.replace(",", "")
    assert len(page.soup.select("[name$='-kind']")) == 40
    assert content(sqlite, "income") == []


def test_more_lines_and_nothing_lost(sqlite):
    found = poor.family(sqlite)
    bo = Browser(sqlite, "bo")
    url = f"{begin(bo, found)}/sections/expense"
    page = bo.post(url, bo.get(url).form() | {"lines-0-kind": "medical", "lines-0-amount": "x y", "more": "1"})
    assert page.form()["lines-0-amount"] == "x y" and len(page.soup.select("[name$='-kind']")) == 4
    page = bo.post(url, page.form() | {"said_none": "y", "lines-0-amount": "5", "lines-0-per": "once"}, status=422)
    assert "There are lines below" in page.words


def test_a_line_is_taken_out_by_its_tick(engine, web, found):
    bo = web("bo")
    url = f"{begin(bo, found)}/sections/expense"
    bo.post(url, bo.get(url).form() | {"lines-0-kind": "medical", "lines-0-amount": "5", "lines-0-per": "once", "stay": "1"})
    bo.post(url, bo.get(url).form() | {"lines-0-drop": "y"})
    assert content(engine, "expense") == []


def test_a_double_click_and_a_draft(engine, web, found):
    """The same form sent twice is one change; the typed lines are kept as a draft and found again."""
    bo = web("bo")
    sheet = begin(bo, found)
    url = f"{sheet}/sections/income"
    data = bo.get(url).form() | {"lines-0-kind": "wage", "lines-0-amount": "5", "lines-0-per": "month"}
    saved = bo.client.post("/drafts", data=data, headers=bo.headers)
    assert saved.status_code in (200, 201, 204), saved.text
    with engine.app.app_context(), system_session("look") as session:
        draft = session.scalars(select(Draft.id)).one()
    page = bo.get(f"{url}?draft={draft}")
    assert page.form()["lines-0-amount"] == "5"
    bo.post(url, data)
    bo.post(url, data)
    assert len(content(engine, "income")) == 1
    with engine.app.app_context(), system_session("look") as session:
        assert session.scalars(select(Draft.id)).all() == [], "what was saved needs no draft"


def test_statements_do_not_grow_with_the_sheet(sqlite, statements):
    """A sheet with one line and with forty: the same number of statements."""
    found = poor.family(sqlite)
    bo = Browser(sqlite, "bo")
    sheet = begin(bo, found)
    pages = [sheet, f"{sheet}/sections/income", f"{sheet}/print", base(found), f"{base(found)}/means"]
    counts = []
    for lines in (1, 40):
        url = f"{sheet}/sections/income"
        many = {f"lines-{n}-{k}": v for n in range(lines) for k, v in (("kind", "wage"), ("amount", "1"), ("per", "month"))}
        bo.post(url, bo.get(url).form() | many)
        sent = []
        for page in pages:
            bo.get(page)
            with statements() as found_statements:
                bo.get(page)
            sent.append(len(found_statements))
        counts.append(sent)
    assert counts[0] == counts[1] and max(counts[1]) <= 36, counts


def test_the_other_language(web, found):
    bo = web("bo", language="zh")
    words = bo.get(begin(bo, found)).words
    assert "家计调查表" in words and "供主管部门参考" in words
    assert not re.search(r"符合条件|不符合条件|得分", words)


def test_nobody_else(engine, web, found):
    """A stranger's sheet is not found; who may only read reads and does not write."""
    bo = web("bo")
    sheet = begin(bo, found)
    for name in ("eve", "far"):
        stranger = web(name)
        for url in (sheet, f"{sheet}/print", f"{sheet}/sections/income", f"{base(found)}/means"):
            assert stranger.client.get(url, headers=stranger.headers).status_code == 404
    tao = web("tao")
    assert "Go on" not in tao.get(sheet).words
    assert tao.client.get(f"{sheet}/sections/income", headers=tao.headers).status_code == 403
    assert tao.client.post(f"{sheet}/finish", data={"csrf_token": tao.csrf()}, headers=tao.headers).status_code == 403
    with engine.app.app_context(), system_session("look") as session:
        key = session.scalars(select(MeansSheet.id)).one()
    other = poor.family(engine)
    assert bo.client.get(f"/assistance/cases/{other['case']}/means/{key}", headers=bo.headers).status_code == 404
