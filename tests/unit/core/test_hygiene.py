"""Hygiene: nothing that hides, turns or breaks text gets through."""

from hypothesis import given
from hypothesis import strategies as st

from caseapp.core import hygiene


def test_what_is_taken_out_and_what_stays():
    assert hygiene.clean_line("  王\u202e芳\x00 \t\n 家 ") == "王芳 家"
    assert hygiene.clean_text("a\r\nb\rc\u2028d") == "a\nb\nc\nd"
    assert hygiene.clean_line("e\u0301") == "é"
    assert hygiene.clean_line("葛\U000e0100") == "葛\U000e0100"
    assert hygiene.taken_out("a\x00\ud800\u2067\u200b") == (
        "control_character",
        "broken_character",
        "direction_mark",
        "hidden_character",
    )
    assert hygiene.taken_out("王芳\r\n好") == ()


@given(st.text(st.characters(codec=None, exclude_categories=())))
def test_what_comes_out_can_be_stored_and_is_clean(text):
    for clean in (hygiene.clean_text, hygiene.clean_line):
        done = clean(text)
        assert "\x00" not in done.encode().decode()
        assert clean(done) == done
        assert hygiene.taken_out(done) == ()
