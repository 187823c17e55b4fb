"""Template filters: dates, numbers and code labels in the reader's language (ui.md section 6)."""

import re
from datetime import date, datetime
from typing import Any

from flask import Flask
from flask_babel import format_date, format_decimal, format_percent, get_locale
from markupsafe import Markup, escape

from caseapp import reference
from caseapp.access.roles import ROLES
from caseapp.core import clock, money
from caseapp.core.text import _, opening

HAN = re.compile(r"[\u3400-\u9fff][\u3400-\u9fff\u3001-\u303f\uff00-\uffef0-9]*")


def register(app: Flask) -> None:
    """Registers the filters and `label(list, code)`, `word(list, code)`."""
    app.jinja_env.filters.update(
        date=long_date,
        short_date=short_date,
        weekday=weekday,
        datetime_=moment,
        number=number,
        percent=percent,
        opening=opening,
        marked=marked,
        money=money.shown,
        yuan=yuan,
    )
    app.jinja_env.globals["label"] = label
    app.jinja_env.globals["word"] = word
    app.jinja_env.globals["today"] = clock.today
    app.jinja_env.globals["role_label"] = lambda code: ROLES[code].label if code in ROLES else code or ""


def tag() -> str:
    """zh or en."""
    return str(get_locale() or "zh")[:2]


def long_date(value: date | datetime | None) -> str:
    """23 Nov, with the year when it is not this one."""
    if value is None:
        return ""
    day = clock.local(value).date() if isinstance(value, datetime) else value
    same = day.year == clock.today().year
    return format_date(day, _("d MMM") if same else _("d MMM y"))  # the pattern is translated, Chinese has its own


def short_date(value: date | datetime | None) -> str:
    """For tables: 11-23, with the year when it is not this one."""
    if value is None:
        return ""
    day = clock.local(value).date() if isinstance(value, datetime) else value
    return day.strftime("%m-%d") if day.year == clock.today().year else day.isoformat()


def weekday(value: date) -> str:
    """Day of the week, short."""
    return format_date(value, "EEE")


def moment(value: datetime | None) -> str:
    """Date and 24 h time on Shanghai clocks."""
    if value is None:
        return ""
    there = clock.local(value)
    return f"{long_date(there.date())} {there:%H:%M}"


def number(value: Any) -> str:
    """Thousands with a comma; marks such as * stay as they are."""
    return format_decimal(value) if isinstance(value, int | float) else str(value if value is not None else "")


def percent(value: float | None) -> str:
    """One decimal."""
    return "" if value is None else format_percent(value, "0.0%")


def yuan(amount: int | None) -> str:
    """Cents with their unit; nothing for nothing said."""
    return "" if amount is None else _("%(amount)s yuan", amount=money.shown(amount))


def label(list_name: str, code: str | None) -> str:
    """The word of a code as it opens a line or stands alone: "High risk", 高风险."""
    return str(opening(word(list_name, code)))


def marked(text: Any) -> Any:
    """On an English page: names and words that stay Chinese, marked for readers that speak. What holds tags is left alone."""
    if not isinstance(text, str) or tag() != "en" or not HAN.search(text):
        return text
    safe = str(escape(text))  # markup stays as it is
    return text if "<" in safe else Markup(HAN.sub(r'<span lang="zh">\g<0></span>', safe))  # noqa: S704 - escaped above


def word(list_name: str, code: str | None) -> str:
    """The word of a code inside a sentence, in the reader's language; the code itself when the list does not know it."""
    return reference.codes(list_name).label(code, tag()) if code else ""
