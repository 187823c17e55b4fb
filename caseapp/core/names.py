"""Names of people: brought to one spelling, read in pinyin for order and search. Never judges what a name may be."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from pypinyin import Style, lazy_pinyin

from caseapp.core.hygiene import clean_line
from caseapp.core.surnames import COMPOUND, READINGS
from caseapp.core.text import _l

UNIDENTIFIED = "无名氏"
LONGEST = 60
KEY = 200  # characters of a name's key that are kept; a name of sixty signs may be read in many more
_DOTS = re.compile("[\u2022\u2027\u2219\u22c5\u30fb\uff0e\uff65\u2024\u0387\u00b7]")
_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af\ue000-\uf8ff\U000f0000-\U0010fffd"
_BETWEEN_HAN = re.compile(f"(?<=[{_HAN}])[ .·]+(?=[{_HAN}])")
_HAN_RUN = re.compile(f"[{_HAN}\ufe00-\ufe0f\U000e0100-\U000e01ef]+")
_IS_HAN = re.compile(f"[{_HAN}]")
_PLAIN = frozenset(" ·'’-().")
MESSAGES = {
    "empty": _l("Please give a name, or 无名氏 when it is not known."),
    "too_long": _l("This name is too long; put the rest into the note."),
    "characters": _l("A name has letters only; put anything else into the note."),
}


class BadName(ValueError):
    """A name that cannot be taken; `code` is stable, `message` translatable, `position` counts from 1 or is None."""

    def __init__(self, code: str, position: int | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.position = position
        self.message = MESSAGES[code]


def normalise_name(text: str) -> str:
    """One spelling: NFC, half-width Latin, one kind of middle dot, no spaces inside a Chinese name; rare characters stay.

    Refuses (BadName) nothing at all, more than 60 characters, and digits or symbols; 无名氏 may carry its number.
    """
    line = clean_line(_half_width(text))
    name = _BETWEEN_HAN.sub(_join, _DOTS.sub("·", line)).replace("（", "(").replace("）", ")").strip(" ·")
    if not name:
        raise BadName("empty")
    if len(name) > LONGEST:
        raise BadName("too_long")
    for position, sign in enumerate(name, start=1):
        good = sign in _PLAIN or unicodedata.category(sign)[0] in "LM" or _IS_HAN.match(sign)
        if not good and not (name.startswith(UNIDENTIFIED) and sign.isascii() and sign.isdigit()):
            raise BadName("characters", position)
    return name


def _half_width(text: str) -> str:
    return "".join(chr(ord(sign) - 0xFEE0) if "\uff01" <= sign <= "\uff5e" and sign != "．" else sign for sign in text)


def _join(found: re.Match[str]) -> str:
    return "·" if "·" in found[0] or "." in found[0] else ""


def unidentified(place: str, day: date, number: int) -> str:
    """The name of somebody whose name nobody knows: 无名氏, where, when and the how-manieth (domain.md 3.6, VB04)."""
    letters = "".join(sign for sign in place if sign.isalpha())
    return f"{UNIDENTIFIED}-{letters[:30]}-{day:%Y%m%d}-{number}"


def syllables(name: str) -> list[str]:
    """The syllables of a name, ü as v; Latin words as they are, small; a character nobody can read stays itself."""
    found: list[str] = []
    at = 0
    for run in _HAN_RUN.finditer(name):
        found += _latin(name[at : run.start()])
        found += _han(run[0], is_whole=run[0] == name)
        at = run.end()
    return found + _latin(name[at:])


def _latin(text: str) -> list[str]:
    plain = unicodedata.normalize("NFD", text.lower().replace("ü", "v"))
    return re.findall(r"[a-z0-9]+|[^\W\da-z]+", "".join(sign for sign in plain if not unicodedata.combining(sign)))


def _han(run: str, *, is_whole: bool) -> list[str]:
    """Surname by its own reading; names with a dot are transcriptions, whose first character is no surname."""
    if not is_whole:
        return _read(run)
    if run[:2] in COMPOUND and len(run) > 2:
        return [*COMPOUND[run[:2]], *_read(run[2:])]
    if run[0] in READINGS and 1 < len(run) < 5:
        return [READINGS[run[0]], *_read(run[1:])]
    return [*_read(run[0]), *_read(run[1:])] if len(run) < 5 else _read(run)


@lru_cache(maxsize=8192)
def _read_cached(run: str) -> tuple[str, ...]:
    bare = re.sub("[\ufe00-\ufe0f\U000e0100-\U000e01ef]", "", run)
    return tuple(lazy_pinyin(bare, style=Style.NORMAL)) if bare else ()


def _read(run: str) -> list[str]:
    return list(_read_cached(run))


def pinyin(name: str) -> tuple[str, str]:
    """(full, initials): 李小龙 gives lixiaolong and lxl; 吕布 gives lvbu and lb."""
    parts = syllables(name)
    return "".join(parts), "".join(part[0] for part in parts if part)


def sort_key(name: str) -> str:
    """Full pinyin, a space, the name, as far as a column holds it: the order of lists and the prefix that search looks for."""
    return f"{pinyin(name)[0]} {name}"[:KEY]


@dataclass(frozen=True)
class NameQuery:
    """What somebody typed to find a name.

    `text` is it in one spelling; `is_han` when it has Chinese characters (then look for names that begin with `text`, and
    `keys` finds those that sound alike); `keys` are prefixes of the full pinyin, the initials or both, most likely first.
    """

    text: str
    is_han: bool
    keys: tuple[str, ...]


def search_key(query: str) -> NameQuery:
    """Reads a query: Chinese, pinyin, initials or a mixture; lü and lv are one, lu finds both, pu finds 朴 too."""
    text = _BETWEEN_HAN.sub(_join, _DOTS.sub("·", clean_line(_half_width(query)))).strip(" ·")
    is_han = bool(_IS_HAN.search(text))
    key = "".join(syllables(text)) if is_han else "".join(_latin(text.replace("u:", "v").replace("U:", "v")))
    return NameQuery(text, is_han, _variants(key) if key and not is_han else ((key,) if key else ()))


def _variants(key: str) -> tuple[str, ...]:
    """The key, with piao for a leading pu, and with v for the u of lu and nu (not luo, luan, lun, nuo …)."""
    found = [key, "piao" + key[2:]] if re.match("pu(?!a)", key) else [key]
    first = [re.sub("^([ln])u(?![oanr])", r"\1v", one) for one in found]
    everywhere = [re.sub("([ln])u(?![oanr])", r"\1v", one) for one in found]
    return tuple(dict.fromkeys(found + first + everywhere))
