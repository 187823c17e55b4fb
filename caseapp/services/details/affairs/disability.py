"""Disability: the card checked against the person, the subsidies as decided elsewhere, a yearly look at the needs."""

from typing import Any

from caseapp import reference
from caseapp.core import clock, dates, identity_numbers
from caseapp.core.actor import Actor
from caseapp.core.errors import Invalid
from caseapp.core.identity_numbers import BadIdentityNumber, IdentityNumber
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.casework import Case, Client
from caseapp.models.details.affairs import DisabilityMatter, DisabilityNeed, NeedsLook
from caseapp.queries.casework.clients import duplicates
from caseapp.queries.casework.clients import tags as tag_queries
from caseapp.queries.casework.clients.documents import citizen_number
from caseapp.queries.details.affairs import rows as queries
from caseapp.queries.details.affairs.file import card
from caseapp.queries.organisation import settings
from caseapp.schemas.casework.client.parts import AddTag
from caseapp.schemas.details.affairs.base import Keep, Void
from caseapp.schemas.details.affairs.disability import MULTIPLE, SUBSIDIES, LookAtNeeds
from caseapp.services.casework import due, tasks
from caseapp.services.casework.clients import documents, tags
from caseapp.services.details.affairs import rows

LOOK = "disability_look"
BENEFITS = {"living_subsidy": "disability_living", "care_subsidy": "disability_care"}


def keep_disability(command: Keep, case: Case, actor: Actor) -> DisabilityMatter:
    """Kinds, grade, card and subsidies stand as given. Needs case:write over an open disability case.

    The card's number must be right in itself and begin with the person's own; its kind and grade fill what was left open and
    refuse what says otherwise. It is kept as a document of the person. A mental disability is kept in a restricted file
    only. Outside restricted files the person's line learns kinds, grade and granted subsidies, and the target groups follow.
    """
    queries.of_matter(case, matter="disability")
    rows.writable(case, actor)
    values = dict(command.values)
    number, valid_to = values.pop("card_number"), values.pop("card_valid_to")
    known = _checked(number, case.client) if number else None
    values["kinds"], values["grade"] = _agreed(values, known)
    restricted = {kind.code for kind in reference.codes("disability_kind") if kind.klass == "P3"}
    if case.klass != "P3" and restricted & set(values["kinds"] or ()):
        raise Invalid(_l("A mental disability is kept in a restricted file only. Restrict this file first."), "kinds")
    row = rows.keep(DisabilityMatter, Keep(command.version, values), case, actor, "affairs.disability_kept")
    if case.client is not None:
        if known is not None:
            _keep_card(known, valid_to, case, case.client, actor)
        if case.klass != "P3":
            _tell_person(row, case, case.client, actor)
    return row


def look_at_needs(command: LookAtNeeds, case: Case, actor: Actor) -> NeedsLook:
    """Every kind of need was asked about; the next look is promised. Needs case:write over an open disability case.

    Refuses a day before the case was found.
    """
    queries.of_matter(case, matter="disability")
    if command.looked_on < case.found_on:
        raise Invalid(_l("This day lies before the case was found."), "looked_on")
    months = settings.At(case.station_path)["affairs.disability_look_months"]
    next_on = dates.add_months(command.looked_on, months)
    look = rows.add(
        NeedsLook, case, actor, "affairs.needs_looked_at", looked_on=command.looked_on, next_on=next_on, note=command.note
    )
    for position, need in enumerate(command.needs):
        line = DisabilityNeed(look_id=look.id, position=position, **vars(need))
        line.belongs_to(case)
        db.session.add(line)
    tasks.promise_once(case, LOOK, next_on, actor, user_id=case.worker_id)
    db.session.flush()
    return look


def void_look(command: Void, row: NeedsLook, case: Case, actor: Actor) -> None:
    """A look recorded wrongly does not count; the next one is promised for when the look before it asks for it."""
    rows.void(command, row, case, actor)
    left = [look for look in queries.entries(NeedsLook, case, NeedsLook.looked_on) if look.voided_at is None]
    if left:
        tasks.promise_once(case, LOOK, left[0].next_on, actor, user_id=case.worker_id)
    else:
        tasks.cancel(case, actor, None, (LOOK,))
    db.session.flush()


def _checked(number: str, client: Client | None) -> IdentityNumber:
    """The card's number in its one spelling (20 characters, a re-issue adds B and a number); Invalid at the field otherwise."""
    if client is None:
        raise Invalid(_l("A card belongs to one person; this case is about a household."), "card_number")
    try:
        return identity_numbers.check(
            "DISABLED", number, known_prefixes=reference.known_prefixes(), holder=citizen_number(client)
        )
    except BadIdentityNumber as error:
        raise Invalid(str(error.message) % error.facts, "card_number", code=f"document_{error.code}") from error


def _agreed(values: dict[str, Any], known: IdentityNumber | None) -> tuple[list[str] | None, str | None]:
    """Kinds and grade of the form and of the card: the card fills gaps; where it says otherwise somebody has to look."""
    kinds, grade = list(values["kinds"] or ()), values["grade"]
    if known is None:
        return kinds or None, grade
    if grade is not None and grade != known.disability_grade:
        raise Invalid(_l("The card says another grade. Compare with the card."), "grade")
    said = known.disability_kind or ""
    if not kinds and said == MULTIPLE:
        raise Invalid(_l("Choose at least two kinds of which the multiple disability consists."), "kinds")
    if kinds and said not in kinds:
        raise Invalid(_l("The card says another kind. Compare with the card."), "kinds")
    return kinds or [said], known.disability_grade


def _keep_card(known: IdentityNumber, valid_to: Any, case: Case, client: Client, actor: Actor) -> None:
    """The number stands once, as a document of the person; in a restricted file with that file. An older card is voided."""
    old = card(case)
    if old is not None and old.number == known.normalised:
        old.valid_to = valid_to or old.valid_to
        return
    found = duplicates.with_number(known.kind, known.normalised, actor)
    if found is not None and found.id != client.id:
        raise Invalid(_l("A person with this number is on file here already."), "card_number", code="already_on_file")
    if old is not None:
        documents.void(old, client, actor)
    line = client.disability, client.disability_grade
    row = documents.attach(client, known, valid_to, actor)
    if case.klass == "P3":
        row.belongs_to(case)
        client.disability, client.disability_grade = line
    db.session.flush()


def _tell_person(row: DisabilityMatter, case: Case, client: Client, actor: Actor) -> None:
    """What is nobody's secret at the station stands on the person's line."""
    client.disability, client.disability_grade = ",".join(row.kinds or ()) or None, row.grade
    held = [code for code in client.benefits or () if code not in BENEFITS.values()]
    granted = [BENEFITS[state] for state, _since in SUBSIDIES if getattr(row, state) == "granted"]
    client.benefits, client.updated_at = [*held, *granted] or None, clock.now()
    codes = ["DI01"] if card(case) is not None else []
    severe = reference.codes("disability_grade").get(row.grade)
    if codes and severe is not None and severe.facts.get("severe"):
        codes.append("DI02")
    there = {tag.code for tag in tag_queries.of_client(client.id) if tag.to_on is None and tag.status != "cancelled"}
    for code in codes:
        if code not in there:
            tags.attach(client, AddTag(code, clock.today(), basis=reference.codes("document_kind").label("DISABLED")), actor)
    db.session.flush()
    due.refresh_due(client)
