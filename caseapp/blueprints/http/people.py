"""What templates say of persons and cases in the same words everywhere: age, birth, masked numbers, the title of a case."""

from datetime import date, datetime
from typing import Any

from flask import Flask, flash
from flask_babel import format_date

from caseapp import reference
from caseapp.blueprints.http.filters import tag
from caseapp.core import clock, dates
from caseapp.core.masking import mask_number, mask_phone
from caseapp.core.text import _, ngettext, opening
from caseapp.queries.casework import due


def register(app: Flask) -> None:
    """Gives every template these words."""
    app.jinja_env.globals.update(
        age_of=age_of,
        answer_words=answer_words,
        birth_words=birth_words,
        case_title=case_title,
        condition_lines=condition_lines,
        day_with_year=day_with_year,
        document_warnings=reference.document_warning_words,
        late_by=late_by,
        mask_number=mask_number,
        mask_phone=mask_phone,
        stage_label=stage_label,
        tag_label=tag_label,
        tag_words=tag_words,
        waiting_words=waiting_words,
        due_sentence=due.sentence,
    )


def age_of(client: Any, day: date | None = None) -> int | None:
    """Years of age, at death for the dead; None where the birth is not known."""
    if client.birth_on is None or client.birth_precision == "unknown":
        return None
    return dates.age_on(client.birth_on, day or client.deceased_on or clock.today())


def day_with_year(day: date | None) -> str:
    """2 Mar 1945: always with the year."""
    return format_date(day, _("d MMM y")) if day else ""


def birth_words(client: Any) -> str:
    """The birth date as far as it is known."""
    if client.birth_on is None or client.birth_precision == "unknown":
        return _("birth date not known")
    if client.birth_precision == "year":
        return _("born %(year)s", year=client.birth_on.year)
    if client.birth_precision == "estimate":
        return _("born about %(year)s", year=client.birth_on.year)
    if client.birth_precision == "month":
        return _("born %(day)s", day=format_date(client.birth_on, _("MMMM y")))
    return _("born %(day)s", day=day_with_year(client.birth_on))


def case_title(case: Any) -> str:
    """Whose case it is; the number where the subject is closed to the reader."""
    subject = case.subject
    return str(subject.name if subject is not None else case.community_name or case.case_no)


def answer_words(option: Any, plain: bool) -> str:
    """An answer to an item of an instrument, with its score unless answers are only words; an open one has a dash."""
    if option is None:
        return "—"
    return option.label(tag()) if plain else f"{option.score} {option.label(tag())}".strip()


def condition_lines(instrument: Any, given: dict[str, int]) -> list[tuple[str, str]]:
    """(condition, what was said) of what was asked beside the items and holds."""
    held = [condition for condition in instrument.conditions if given.get(condition.code)]
    return [(c.label(tag()), _("yes") if c.kind == "flag" else str(given[c.code])) for c in held]


def late_by(day: date | None) -> str | None:
    """By how many days something is late; None when it is not."""
    days = (clock.today() - day).days if day else 0
    return ngettext("%(num)s day late", "%(num)s days late", days) if days > 0 else None


def waiting_words(since: datetime) -> str:
    """How long something has been waiting, in whole days."""
    days = (clock.today() - clock.local(since).date()).days
    return ngettext("waiting %(num)s day", "waiting %(num)s days", days) if days > 0 else _("since today")


def tag_words(rows: Any) -> list[tuple[str, bool]]:
    """Target groups that hold today, for the tags macro; suspected ones are marked."""
    today, known = clock.today(), reference.target_groups()
    found = []
    for row in rows:
        if row.status == "cancelled" or row.from_on > today or (row.to_on is not None and row.to_on < today):
            continue
        word = str(opening(known[row.code].label(tag()) if row.code in known else row.code))
        found.append((_("%(group)s (suspected)", group=word) if row.status == "suspected" else word, row.status == "suspected"))
    return found


def stage_label(code: str) -> str:
    """The word of a stage of the bar: 预估, not 预估中."""
    return str(opening(reference.stages()[code].label(tag())))


def tag_label(code: str) -> str:
    """The word of a target group."""
    known = reference.target_groups()
    return str(opening(known[code].label(tag()) if code in known else code))


def say_asked_across(row: Any) -> None:
    """That other stations were asked by number, in the same words whatever was found: only the heads are told."""
    asked = getattr(row, "asked_across", None)
    if asked == "asked":
        flash(
            _(
                "The number was compared with other stations. Whether there is anything to settle only your head reads: please ask your head."
            ),
            "info",
        )
    elif asked == "limit":
        flash(_("Other stations were not asked this time: that is possible only so many times a day."), "careful")
