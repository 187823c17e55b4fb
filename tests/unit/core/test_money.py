"""Money: whatever people type comes to whole cents or a reason; what is shown reads back as the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseapp.core import money

AMOUNTS = st.integers(min_value=0, max_value=money.MOST)


@pytest.mark.parametrize(
    ("typed", "cents"),
    [
        ("1,234.5", 123450),
        ("１２３４．５０", 123450),
        ("¥ 1234", 123400),
        ("1234元", 123400),
        ("1.2万", 1200000),
        ("0.015万", 15000),
        ("0", 0),
        (12, 1200),
        (12.5, 1250),
    ],
)
def test_what_people_type(typed, cents):
    assert money.cents(typed) == cents


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "words"),
        ("abc", "words"),
        ("1e5", "words"),
        ("12,34", "words"),
        ("=1+1", "words"),
        ("1.234", "decimals"),
        (0.1 + 0.2, "decimals"),
        ("-3", "negative"),
        ("9" * 30, "large"),
        ("10000000000", "large"),
        (float("inf"), "words"),
        (float("nan"), "words"),
    ],
)
def test_what_is_no_amount_says_why(typed, why):
    with pytest.raises(money.NotMoney) as error:
        money.cents(typed)
    assert error.value.why == why


@given(AMOUNTS)
def test_shown_and_typed_read_back_as_the_same(amount):
    assert money.cents(money.typed(amount)) == money.cents(money.shown(amount)) == amount


@given(st.integers(min_value=-money.MOST, max_value=money.MOST), st.integers(min_value=1, max_value=400))
def test_a_share_is_at_most_half_a_cent_off(amount, parts):
    assert abs(2 * (money.divided(amount, parts) * parts - amount)) <= parts
    assert money.divided(-amount, parts) == -money.divided(amount, parts)
