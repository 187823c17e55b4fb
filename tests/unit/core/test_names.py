"""Names: one spelling, surnames read as surnames, and queries that find them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseapp.core import masking, names
from caseapp.core.names import BadName, normalise_name, pinyin, search_key


@pytest.mark.parametrize(
    ("name", "full", "initials"),
    [
        ("李小龙", "lixiaolong", "lxl"),
        ("单雄信", "shanxiongxin", "sxx"),
        ("仇英", "qiuying", "qy"),
        ("解晓东", "xiexiaodong", "xxd"),
        ("曾国", "zengguo", "zg"),
        ("朴顺子", "piaoshunzi", "psz"),
        ("欧阳娜娜", "ouyangnana", "oynn"),
        ("万俟卨", "moqixie", "mqx"),
        ("吕布", "lvbu", "lb"),
        ("古丽·阿依", "guliayi", "glay"),
        ("Anna Lee", "annalee", "al"),
        ("无名氏", "wumingshi", "wms"),
    ],
)
def test_how_names_are_read(name, full, initials):
    assert pinyin(name) == (full, initials)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        (" 李　小 龙 ", "李小龙"),
        ("艾力•买买提", "艾力·买买提"),
        ("艾力．买买提", "艾力·买买提"),
        ("王\u202e芳\x00", "王芳"),
        ("䶮㛃", "䶮㛃"),
        ("李𠮷", "李𠮷"),
        ("Ａｎｎａ  Lee", "Anna Lee"),
        ("无名氏-12", "无名氏-12"),
    ],
)
def test_one_spelling(typed, name):
    assert normalise_name(typed) == name


@pytest.mark.parametrize(
    ("typed", "code"), [(" ", "empty"), ("王" * 61, "too_long"), ("王<芳", "characters"), ("王芳2", "characters")]
)
def test_what_is_no_name(typed, code):
    with pytest.raises(BadName) as bad:
        normalise_name(typed)
    assert bad.value.code == code


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("lvbu", "吕布"),
        ("LÜ bu", "吕布"),
        ("lubu", "吕布"),
        ("piao", "朴顺子"),
        ("pu", "朴顺子"),
        ("wanglu", "王吕"),
        ("luo", "罗成"),
        ("王sh", "王淑华"),
    ],
)
def test_a_query_finds_the_name(query, name):
    assert any(pinyin(name)[0].startswith(key) for key in search_key(query).keys)


def test_initials_and_chinese_queries():
    assert any(pinyin("欧阳娜娜")[1].startswith(key) for key in search_key("oyn").keys)
    found = search_key(" 王 淑")
    assert (found.text, found.is_han, found.keys) == ("王淑", True, ("wangshu",))
    assert search_key(" ").keys == ()


def test_masks():
    assert [masking.mask_name(n) for n in ("王淑华", "李四", "欧阳娜娜", "无名氏-1")] == [
        "王某某",
        "李某",
        "欧阳某某",
        "无名氏-1",
    ]
    assert masking.mask_number("220102194801011234") == "220***********1234"
    assert masking.mask_phone("13843022206") == "138****2206"


@given(st.text(max_size=70))
def test_no_text_makes_it_stumble_and_a_second_cleaning_changes_nothing(text):
    search_key(text)
    try:
        name = normalise_name(text)
    except BadName:
        return
    assert normalise_name(name) == name
    names.sort_key(name).encode()
