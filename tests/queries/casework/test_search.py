"""Finding a person: surnames by their own reading, initials, complete numbers, phones; strangers and shut files answer nothing."""

from datetime import date

import pytest

from caseapp.access.system import system_session
from caseapp.core import clock, names, phones
from caseapp.core.identity_numbers import check_digit
from caseapp.extensions import db
from caseapp.models import casework as c
from caseapp.models.casework import Client
from caseapp.queries.casework.clients import duplicates
from caseapp.queries.casework.clients.indexes import document_index, phone_index
from caseapp.queries.casework.clients.search import find
from caseapp.schemas.casework.client.person import ContactInput, DocumentInput
from caseapp.services.casework.clients import contacts, documents
from tests import rows
from tests.services.casework.course import behind


def number(first17):
    """A valid citizen number of an invented person."""
    return first17 + check_digit(first17)


NUMBER = number("22240319450302122")
NAMES = {
    "单雄信": "shanxiongxin",
    "仇英": "qiuying",
    "解晓东": "xiexiaodong",
    "查良": "zhaliang",
    "曾国": "zengguo",
    "区大相": "ouda",
    "尉迟恭": "yuchigong",
    "万俟卨": "moqixie",
    "吕布": "lvbu",
    "朴顺子": "piaoshunzi",
    "艾力·买买提": "aili",
    "欧阳娜娜": "oynn",
}


@pytest.fixture
def people(as_, cast):
    """Everybody of NAMES and Wang at Riverside, another Wang at Hillside; ids by name."""
    with behind() as session:
        found = {}
        for name in [*NAMES, "王淑华"]:
            _full, initials = names.pinyin(name)
            keys = {"name_key": names.sort_key(name), "initials": initials}
            found[name] = rows.client(session, cast, "Riverside", name, worker_id=cast.users["bo"], **keys).id
        found["王小明"] = rows.client(session, cast, "Hillside", "王小明", name_key=names.sort_key("王小明"), initials="wxm").id
    return found


def found(query, actor):
    return [row.name for row in find(query, actor)]


@pytest.mark.parametrize(("name", "typed"), NAMES.items())
def test_a_surname_is_found_by_its_own_reading(as_, people, name, typed):
    bo = as_("bo")
    for query in (typed, typed.upper(), name, name[0]):
        assert name in found(query, bo), query
    assert found(typed, as_("eve")) == []


@pytest.mark.parametrize("wrong", ["danxiong", "chouying", "jiexiao", "chaliang", "cengguo", "weichi", "wanqi"])
def test_the_common_reading_of_such_a_surname_is_not_hers(as_, people, wrong):
    assert found(wrong, as_("bo")) == []


@pytest.mark.parametrize("query", ["lü", "lv", "lu:", "LU", "lvb", "lübu"])
def test_every_way_to_type_the_two_dots(as_, people, query):
    assert "吕布" in found(query, as_("bo"))


@pytest.mark.parametrize("query", ["小龙"])
def test_a_given_name_finds_too(as_, cast, people, query):
    with behind() as session:
        rows.client(session, cast, "Riverside", "李小龙", name_key=names.sort_key("李小龙"), initials="lxl")
    bo = as_("bo")
    assert [found(query, bo) for query in (query, "xiaolong", "lxl", "xl")] == [["李小龙"]] * 4


@pytest.mark.parametrize(
    ("kind", "stored", "queries"),
    [
        ("111", NUMBER, [NUMBER, NUMBER.lower(), f" {NUMBER} ", NUMBER[:6] + " " + NUMBER[6:14] + " " + NUMBER[14:]]),
        ("516", "H1234567800", ["H1234567800", "h1234567800"]),
        ("511", "12345678", ["12345678"]),
        ("414", "E12345678", ["e12345678"]),
        ("HKMO", number("81000019450302122"), [number("81000019450302122")]),
        ("990", "军字第12345号", ["军字第12345号"]),
    ],
)
def test_a_complete_number_and_nothing_less(as_, people, kind, stored, queries):
    bo = as_("bo")
    documents.add(DocumentInput(kind, stored), db.session.get(Client, people["王淑华"]), bo)
    db.session.commit()
    bo = as_("bo")
    for query in queries:
        assert found(query, bo) == ["王淑华"], query
    for part in (stored[:-1], stored[1:], stored[:6]):
        assert "王淑华" not in found(part, bo), part
    as_("eve")
    assert found(stored, as_("eve")) == []


def test_a_phone_complete_or_its_last_four(as_, people):
    bo = as_("bo")
    for name in ("王淑华", "仇英"):
        contacts.add(ContactInput("shared", phone="13800002206"), db.session.get(Client, people[name]), bo)
    contacts.add(ContactInput("own", phone="0434-3228899"), db.session.get(Client, people["吕布"]), bo)
    db.session.commit()
    bo = as_("bo")
    for query in ("13800002206", "138 0000 2206", "+86 138-0000-2206", "2206"):
        assert sorted(found(query, bo)) == ["仇英", "王淑华"], query
    assert found("8899", bo) == found("04343228899", bo) == ["吕布"]
    assert found("1380000", bo) == [] == found("206", bo)


def test_a_shut_file_is_found_by_its_line_and_never_by_what_is_in_it(as_, cast, people):
    with behind() as session:
        kid = rows.client(session, cast, "Riverside", "小孩", klass="minor", worker_id=cast.users["bo"],
                          name_key=names.sort_key("小孩"), initials="xh").id  # fmt: skip
        hidden = rows.client(session, cast, "Riverside", "隐名", klass="P3", worker_id=cast.users["bo"],
                             name_key=names.sort_key("隐名"), initials="ym").id  # fmt: skip
    bo = as_("bo")
    for key, phone, paper in ((kid, "13800001111", "22240320180101122"), (hidden, "13800002222", "22240319600101122")):
        client = db.session.get(Client, key)
        contacts.add(ContactInput("own", phone=phone), client, bo)
        documents.add(DocumentInput("111", number(paper), if_differs="typed"), client, bo)
    db.session.commit()
    bo = as_("bo")
    assert found("13800001111", bo) == ["小孩"] and found("13800002222", bo) == ["隐名"]
    ben = as_("ben")
    assert found("小孩", ben) == ["小孩"], "that a minor is on file is no secret of the station"
    assert found("13800001111", ben) == found(number("22240320180101122"), ben) == []
    for query in ("隐名", "ym", "13800002222", number("22240319600101122")):
        assert found(query, ben) == [], "a restricted file answers nothing"
    assert duplicates.with_number("111", number("22240319600101122"), ben) is None
    assert duplicates.with_number("111", number("22240320180101122"), ben).id == kid


def test_who_may_be_the_same_is_told_while_typing(as_, cast, people):
    bo = as_("bo")
    same = duplicates.like(duplicates.Wanted("王 淑华"), bo)
    assert [row.client.name for row in same] == ["王淑华"]
    sounds = duplicates.like(duplicates.Wanted("王书华", date(1946, 1, 1)), bo)
    assert [row.client.name for row in sounds] == ["王淑华"], "sounds alike, born within a year"
    assert duplicates.like(duplicates.Wanted("王书华", date(1980, 1, 1)), bo) == []
    assert duplicates.like(duplicates.Wanted("王小明"), bo) == [], "of another station nothing is told"


@pytest.mark.parametrize(
    ("typed", "reasons"),
    [
        ({"name": "王淑华", "birth_on": date(1945, 3, 2)}, {"name", "birth"}),
        ({"name": "王淑華", "birth_on": date(1945, 2, 3)}, {"sound", "birth_swapped"}),
        ({"name": "王书华", "birth_on": date(1954, 3, 2), "residence_code": "222403101201"}, {"sound", "birth_near", "village"}),
        ({"phone": "138 0000 4321"}, {"phone"}),
        ({"phone": "13800004321", "residence_code": "222403101201"}, {"phone", "village"}),
        ({"kind": "DISABLED", "number": NUMBER + "43"}, {"paper"}),
        ({"kind": "113", "number": NUMBER}, {"paper"}),
        ({"name": "王书华", "residence_code": "222403101201"}, None),
        ({"residence_code": "222403101201"}, None),
        ({"phone": "1"}, None),
    ],
)
def test_why_somebody_may_be_the_same(as_, cast, typed, reasons):
    with system_session("rows", write=True) as session:
        bo = cast.users["bo"]
        keys = names.pinyin("王淑华")
        facts = {"birth_on": date(1945, 3, 2), "name_key": names.sort_key("王淑华"), "initials": keys[1], "worker_id": bo}
        for klass in ("P2", "P3"):
            person = rows.client(session, cast, "Riverside", "王淑华", klass=klass, **facts)
            paper = c.IdentityDocument(client_id=person.id, kind="111", number_index=document_index("111", NUMBER))
            phone = phones.parse("13800004321")
            contact = c.Contact(client_id=person.id, kind="own", phone_index=phone_index(phone))
            for row in (paper, contact):
                row.created_at = clock.now()
                row.belongs_to(person)
                session.add(row)
    for name, seen in (("bo", 2), ("ben", 1)):  # the restricted one is open to Bo alone
        found = duplicates.like(duplicates.Wanted(**typed), as_(name))
        assert [set(row.reasons) for row in found] == ([reasons] * seen if reasons else [])
    assert duplicates.like(duplicates.Wanted(**typed), as_("eve")) == []


@pytest.mark.parametrize("query", ["", " ", "%", "_", "'", "\\", "0", "a" * 500, "无名氏-1", "\x00"])
def test_odd_queries_find_nobody_and_break_nothing(as_, people, query):
    assert found(query, as_("bo")) == []
