"""Document numbers: vectors of the standards, id-validator as oracle, and every reason why a number is not taken."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from id_validator import validator

from caseapp.core import identity_numbers as numbers
from caseapp.core.identity_numbers import BadIdentityNumber, check

TODAY = date(2026, 11, 23)
PREFIXES = ("220102", "220181", "220381", "222401", "110105", "440524", "510104", "830000")


def refused(kind, text, **more):
    with pytest.raises(BadIdentityNumber) as bad:
        check(kind, text, today=TODAY, **more)
    return bad.value


def made(first17):
    return first17 + numbers.check_digit(first17)


def test_the_vectors_of_the_standard():
    found = check("111", "１１０１０５ 19491231-002x", today=TODAY)
    assert (found.normalised, found.birth_on, found.sex) == ("11010519491231002X", date(1949, 12, 31), "2")
    assert check("111", "440524188001010014", today=date(1999, 7, 1)).sex == "1"
    assert found.masked == "110***********002X"


@settings(max_examples=40, deadline=None)  # the oracle reads its tables slowly
@given(st.sampled_from(PREFIXES), st.dates(date(1930, 1, 1), date(2020, 12, 31)), st.integers(0, 999), st.booleans())
def test_the_oracle_agrees(prefix, born, sequence, spoil):
    number = made(f"{prefix}{born:%Y%m%d}{sequence:03}")
    if spoil:
        number = number[:17] + ("7" if number[17] == "X" else "X")
    assert validator.is_valid(number) is not spoil
    if spoil:
        assert refused("111", number).code in ("checksum", "rounded_by_spreadsheet")
        return
    found, told = check("111", number, today=TODAY), validator.get_info(number)
    assert found.birth_on == born == date.fromisoformat(told["birthday_code"])
    assert found.sex == ("1" if told["sex"] else "2")


@given(st.integers(0, 10**17 - 1), st.integers(0, 17), st.integers(0, 9))
def test_one_wrong_digit_is_always_noticed(seed, at, digit):
    right = made(f"220102{1930 + seed % 90}{1 + seed % 12:02}{1 + seed % 28:02}{seed % 1000:03}")
    wrong = right[:at] + str(digit) + right[at + 1 :]
    if wrong != right:
        refused("111", wrong)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("2201021948010100", "length"),
        ("22010219480101OO12", "characters"),
        ("220102194801010010", "checksum"),
        (made("22010219480230001"), "impossible_date"),
        (made("22010220270101001"), "future_date"),
        ("440524188001010014", "too_old"),
        ("2.20102E+17", "scientific_notation"),
        ("220102194801010000", "rounded_by_spreadsheet"),
    ],
)
def test_why_a_citizen_number_is_refused(text, code):
    assert refused("111", text).code == code


def test_a_bad_character_is_named_by_its_place_and_the_number_stays_out_of_the_words():
    bad = refused("111", "22010219480101OO12")
    assert bad.position == 15
    assert "220102" not in str(bad) + str(bad.message)


def test_the_old_form_is_brought_to_the_new_one():
    found = check("111", "220102480101001", today=TODAY)
    assert found.normalised == made("22010219480101001")
    assert found.warnings == ("old_15_digits",)
    assert check("111", "220102980101999", today=date(1999, 1, 1)).birth_on == date(1898, 1, 1)


def test_divisions_warn_and_never_block():
    known = frozenset({"220102", "220381"})
    assert check("111", made("22038119500101001"), today=TODAY, known_prefixes=known).warnings == ()
    assert check("111", made("22019919500101001"), today=TODAY, known_prefixes=known).warnings == ("unknown_prefix",)
    assert check("111", made("37010119500101001"), today=TODAY, known_prefixes=known).warnings == ()
    assert check("111", made("99010119500101001"), today=TODAY).warnings == ("looks_like_foreign",)


def test_permits_begin_as_they_must():
    number = made("83000019700101002")
    assert check("TW", number, today=TODAY).sex == "2"
    assert refused("HKMO", number).code == "prefix"
    assert check("111", number, today=TODAY).warnings == ("looks_like_permit",)


def test_foreign_residents_in_both_forms():
    assert check("553", "usa110000000123", today=TODAY).normalised == "USA110000000123"
    assert check("553", made("91084019900101002"), today=TODAY).warnings == ()
    assert check("553", "910840199001010021", today=TODAY).warnings == ("unverified",)
    assert refused("553", "US1110000000123").position == 3


def test_a_disability_card_belongs_to_its_holder():
    holder = "11010519491231002X"
    found = check("DISABLED", holder + "43", today=TODAY, holder=holder)
    assert (found.disability_kind, found.disability_grade) == ("4", "3")
    assert check("DISABLED", holder + "43B1", today=TODAY).warnings == ("reissued",)
    assert refused("DISABLED", holder + "83").code == "category"
    assert refused("DISABLED", holder + "45").code == "grade"
    assert refused("DISABLED", holder + "43", holder=made("22010219480101001")).code == "holder_mismatch"


def test_other_documents():
    assert check("414", "e 1234-5678", today=TODAY).normalised == "E12345678"
    assert refused("414", "E1").code == "length"
    assert check("117", "R220000001", today=TODAY).warnings == ()
    assert check("NONE", " ", today=TODAY).normalised == ""
    assert refused("NONE", "1").code == "not_expected"


@given(st.sampled_from(sorted(numbers.CHECKERS)), st.text(max_size=30))
def test_no_text_at_all_makes_it_stumble(kind, text):
    code = None
    try:
        check(kind, text, today=TODAY)
    except BadIdentityNumber as bad:
        code = bad.code
    assert code is None or code in numbers.MESSAGES
