"""Phone numbers of mainland China: one spelling and a kind. The rules are defaults to be checked (domain.md 3.7)."""

import re
import unicodedata
from dataclasses import dataclass

from caseapp.core.hygiene import clean_line
from caseapp.core.text import _l

_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"(010|02\d|0[3-9]\d{2})-?(\d{7,8})(?:-(\d{1,6}))?")
_DASHES = re.compile("[\u2010-\u2015\u2212\uff0d\u2014]")
JILIN_AREAS = {"0431", "0432", "0433", "0434", "0435", "0436", "0437", "0438", "0439", "0440", "0448"}
MESSAGES = {
    "empty": _l("Please give a phone number."),
    "characters": _l("A phone number has digits only."),
    "length": _l("A mobile number has 11 digits; there are %(count)s."),
    "no_area_code": _l("Please put the area code before a landline, for example 0431-."),
    "form": _l("This is neither a mobile number nor a landline."),
    "several": _l("One number in each field, please."),
}


class BadPhone(ValueError):
    """A number that cannot be taken; `code` is stable, `message` translatable. The number itself is never in it."""

    def __init__(self, code: str, **facts: int) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts
        self.message = MESSAGES[code]


@dataclass(frozen=True)
class Phone:
    """A number in its one spelling: 13843022206 or 0431-88886666 or 0431-88886666-123."""

    kind: str  # mobile, landline
    number: str

    @property
    def last_four(self) -> str:
        """The last four digits, without an extension: what people search by."""
        parts = self.number.split("-")
        return parts[0 if self.kind == "mobile" else 1][-4:]


def parse(text: str) -> Phone:
    """The phone of a typed number: full width, spaces, +86 and brackets are no matter. BadPhone when it is none."""
    line = _DASHES.sub("-", unicodedata.normalize("NFKC", clean_line(text)))
    if not line:
        raise BadPhone("empty")
    if re.search(r"[,;/、，；]|\d{7,}\s+0\d{2,3}|1[3-9]\d{9}\D*1[3-9]\d{9}", line):
        raise BadPhone("several")
    line = re.sub(r"\((\d+)\)", r"\1-", line)
    line = re.sub(r"[转轉]|ext\.?", "-", line, flags=re.IGNORECASE)
    line = re.sub(r"-+", "-", re.sub(r"[\s.]", "", line)).strip("-")
    line = re.sub(r"^(?:\+|00)86-?|^86-?(?=1[3-9]\d{9}$|1[3-9]\d-)", "", line)
    if not re.fullmatch(r"[0-9-]+", line):
        raise BadPhone("characters")
    digits = line.replace("-", "")
    if _MOBILE.fullmatch(digits):
        return Phone("mobile", digits)
    if line[0] in "23456789" and len(digits) in (7, 8):
        raise BadPhone("no_area_code")
    found = _LANDLINE.fullmatch(line) or _LANDLINE.fullmatch(digits)
    if found:
        area, local, extension = found.groups()
        return Phone("landline", f"{area}-{local}" + (f"-{extension}" if extension else ""))
    if line[0] == "1" or len(digits) in (10, 12):
        raise BadPhone("length", count=len(digits))
    raise BadPhone("form")


def normalise(text: str) -> str:
    """The number in its one spelling; BadPhone when it is none."""
    return parse(text).number


def is_local(phone: Phone) -> bool:
    """Whether a landline lies in Jilin."""
    return phone.kind == "landline" and phone.number.split("-")[0] in JILIN_AREAS
