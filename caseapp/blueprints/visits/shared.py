"""What several pages of visits show in the same words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from flask import current_app, url_for
from flask_babel import format_date, get_locale

from caseapp import reference
from caseapp.blueprints.http.filters import long_date, moment
from caseapp.blueprints.http.visitor import the_actor
from caseapp.core import clock, dates
from caseapp.core.text import _, ngettext
from caseapp.models.casework import Client


def tag() -> str:
    """zh or en."""
    return str(get_locale() or "zh")[:2]


def day_words(day: date) -> str:
    """7 Dec, Mon: a day one acts on."""
    return _("%(day)s, %(weekday)s", day=long_date(day), weekday=format_date(day, "EEE"))


def month_words(day: date) -> str:
    """November 2026."""
    return format_date(day, _("MMMM y"))


def age_on(client: Client, day: date | None = None) -> int | None:
    """Years of age, where the birth date is known."""
    if client.birth_on is None or client.birth_precision == "unknown":
        return None
    return dates.age_on(client.birth_on, day or clock.today())


def code_word(list_name: str, code: str | None) -> str:
    """The word of a code."""
    return str(reference.codes(list_name).label(code, tag())) if code else ""


def item_label(code: str) -> str:
    """The word of a catalogue item."""
    return str(reference.catalogue().label(code, tag()))


def finding_tags(codes: Iterable[str] | None) -> list[tuple[str, bool]]:
    """Findings as tags; those that worry are marked."""
    known = reference.codes("visit_finding")
    worries = known.having("worry")
    return [(known.label(code, tag()), code in worries) for code in codes or ()]


def finding_words(codes: Iterable[str] | None) -> str:
    """Findings in one line."""
    return _(", ").join(word for word, _worry in finding_tags(codes))


def end_url(client: Client) -> str | None:
    """Where a stay on file is ended, if that page exists."""
    for endpoint in ("clients.end_enrolment", "clients.end"):
        if endpoint in current_app.view_functions:
            return url_for(endpoint, client_id=client.id)
    return None


def client_url(client: Client) -> str:
    """The file of a person."""
    return url_for("clients.show", client_id=client.id) if "clients.show" in current_app.view_functions else "#"


def trace() -> str:
    """Who printed this and when."""
    return _("Printed by %(name)s, %(when)s", name=the_actor().user_name, when=moment(clock.now()))


def late_words(day: date | None) -> str | None:
    """By how many days something is late; None when it is not, or when there is no day."""
    days = (clock.today() - day).days if day is not None else 0
    return ngettext("%(num)s day late", "%(num)s days late", days) if days > 0 else None


def uuid_or_none(text: Any) -> UUID | None:
    """An id of an address; None for what is none."""
    try:
        return UUID(str(text)) if text else None
    except ValueError:
        return None


@dataclass(frozen=True)
class Shown:
    """A page of a list as the pager macro reads it."""

    items: Sequence[Any]
    next_url: str | None = None
    first_url: str | None = None
    count: int | None = None


def words() -> dict[str, Any]:
    """Everything above for a template."""
    return {
        "item_label": item_label,
        "finding_tags": finding_tags,
        "finding_words": finding_words,
        "end_url": end_url,
        "client_url": client_url,
        "day_words": day_words,
        "month_words": month_words,
        "age_on": age_on,
        "late_words": late_words,
    }
