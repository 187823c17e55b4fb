"""Passwords that are tried first: a data file of walks, words and pinyin, and rules for years, days and running digits."""

import re
from functools import lru_cache
from typing import Any

from caseapp.reference.files import read_json

DAYS = re.compile(r"(19|20)\d\d([-./]?\d{1,2}([-./]?\d{1,2})?)?|\d{6,}|1[3-9]\d{9}")


@lru_cache(maxsize=1)
def _held() -> dict[str, Any]:
    return read_json("passwords/common.json")


@lru_cache(maxsize=1)
def _known() -> tuple[re.Pattern[str], dict[int, str]]:
    held = _held()
    words = sorted({*held["walks"], *held["words"], *held["pinyin"]}, key=len, reverse=True)
    return re.compile("|".join(re.escape(word) for word in words if len(word) > 2)), str.maketrans(held["swaps"])


def is_common(password: str) -> bool:
    """Whether so little is left of a password without what is tried first that a list or a few rules find it."""
    known, swaps = _known()
    low = password.lower()
    least = int(_held()["left"])
    if len(set(low)) < 5:
        return True
    bare = _without_runs(DAYS.sub(" ", low))
    return any(_left(known.sub(" ", reading)) < least for reading in (bare, bare.translate(swaps)))


def _left(text: str) -> int:
    """The letters that are left; digits and signs at the edges of words are what everybody adds."""
    return sum(letter.isalpha() for letter in text)


def _without_runs(text: str) -> str:
    """Without runs of three and more that count up, count down or stand still: 1234, cba, 8888."""
    kept, at = "", 0
    while at < len(text):
        end = at + 1
        step = ord(text[end]) - ord(text[at]) if end < len(text) else None
        while step in (-1, 0, 1) and end < len(text) and ord(text[end]) - ord(text[end - 1]) == step:
            end += 1
        if end - at < 3:
            kept, end = kept + text[at], at + 1
        at = end
    return kept
