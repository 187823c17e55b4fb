"""Phones: one spelling for what people type, and a reason for what is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseapp.core.phones import MESSAGES, BadPhone, normalise, parse


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("138 4302 2206", "13843022206"),
        ("138 0000 2206", "13800002206"),
        ("0431 8888 0000", "0431-88880000"),
        ("１３８４３０２２２０６", "13843022206"),
        ("+86-13843022206", "13843022206"),
        ("008613843022206", "13843022206"),
        ("(0431)88886666", "0431-88886666"),
        ("04312512345", "0431-2512345"),
        ("0433-2512345转12", "0433-2512345-12"),
        ("01012345678", "010-12345678"),
    ],
)
def test_one_spelling(typed, number):
    assert normalise(typed) == number
    assert normalise(number) == number


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "empty"),
        ("无", "characters"),
        ("1384302220", "length"),
        ("12843022206", "length"),
        ("88886666", "no_area_code"),
        ("13843022206/13943022206", "several"),
        ("0431-88886666 0431-88887777", "several"),
        ("13843022206 13943022206", "several"),
        ("999", "form"),
    ],
)
def test_why_it_is_none(typed, code):
    with pytest.raises(BadPhone) as bad:
        parse(typed)
    assert bad.value.code == code


def test_the_last_four_leave_out_the_extension():
    assert parse("0433-2512345-12").last_four == "2345"


@given(st.text(max_size=30) | st.text("0123456789-+() ", max_size=20))
def test_no_text_makes_it_stumble(text):
    code, found = None, None
    try:
        found = parse(text)
    except BadPhone as bad:
        code = bad.code
    assert code in MESSAGES if found is None else parse(found.number) == found
