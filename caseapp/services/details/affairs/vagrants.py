"""Vagrants: help and leaving, where they were found, the way home with its follow-up, a name at last."""

from datetime import date, timedelta

from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import Conflict, Invalid
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.casework import Case, Client, TargetTag
from caseapp.models.details.affairs import VagrantMatter, VagrantPlace
from caseapp.queries.casework.clients import tags as tag_queries
from caseapp.queries.details.affairs import rows as queries
from caseapp.queries.organisation import settings
from caseapp.schemas.casework.client.parts import AddTag
from caseapp.schemas.casework.client.person import DocumentInput, EditClient
from caseapp.schemas.details.affairs.base import Keep
from caseapp.schemas.details.affairs.vagrants import FindAt, Identify
from caseapp.schemas.values import Birth
from caseapp.services.casework import due, tasks
from caseapp.services.casework.cases import events
from caseapp.services.casework.clients import documents, tags
from caseapp.services.casework.clients.edit import edit
from caseapp.services.details.affairs import rows
from caseapp.services.trust import audit

RETURNED, PRONE, UNKNOWN = "VB02", "VB03", "VB04"


def keep_vagrant(command: Keep, case: Case, actor: Actor) -> VagrantMatter:
    """Help, leaving and return stand as given. Needs case:write over an open case of a vagrant.

    Somebody home again, or prone to go missing, belongs to that target group from that day: its follow-up visits come
    from the group's rule. Refuses leaving before the case was found.
    """
    detail = queries.of_matter(case, matter="vagrant")
    values = dict(command.values)
    kind = values.pop("kind")
    for name in ("left_on", "returned_on"):
        if values[name] is not None and values[name] < case.found_on:
            raise Invalid(_l("This day lies before the case was found."), name)
    before = queries.one(VagrantMatter, case)
    was_home = before.returned_on if before is not None else None
    detail.kind = kind
    row = rows.keep(VagrantMatter, Keep(command.version, values), case, actor, "affairs.vagrant_kept")
    if row.returned_on is not None and row.returned_on != was_home:
        events.note(case, "returned_home", actor, on=row.returned_on)
    if case.client is not None and case.klass != "P3":
        _groups(row, kind, case, case.client, actor)
    if case.client is not None and case.client.is_unidentified:
        days = settings.At(case.station_path)["affairs.identity_days"]
        tasks.promise_once(
            case, "identity", max(clock.today(), case.found_on + timedelta(days=days)), actor, user_id=case.worker_id
        )
    db.session.flush()
    return row


def find_at(command: FindAt, case: Case, actor: Actor) -> VagrantPlace:
    """A place where the person was found or seen. Needs case:write over an open case of a vagrant."""
    queries.of_matter(case, matter="vagrant")
    return rows.add(VagrantPlace, case, actor, "affairs.place_noted", **vars(command))


def identify(command: Identify, case: Case, actor: Actor) -> Client:
    """Somebody without a name has one now: the same row carries it, and the makeshift name stays among the other names.

    Needs case:write and client:write. Refuses somebody whose name is known, and a number that is wrong or on file. The group
    of unidentified people ends that day; how it was established stands in the story of the case.
    """
    queries.of_matter(case, matter="vagrant")
    rows.writable(case, actor)
    client = case.client
    if client is None or not client.is_unidentified:
        raise Conflict(_l("This person's name is known."), code="wrong_state")
    if command.happened_on < case.found_on:
        raise Invalid(_l("This day lies before the case was found."), "happened_on")
    paper = DocumentInput("111", command.number) if command.number else None
    known = documents.checked(paper) if paper is not None else None
    others = ", ".join(name for name in (client.other_names, client.name) if name)[:120]
    changes = {"name": command.name, "other_names": others, "is_unidentified": False}
    birth = None
    if known is not None and known.birth_on is not None:
        birth, changes["sex"] = Birth(known.birth_on, "day"), known.sex or client.sex
    edit(EditClient(changes, client.version, birth), client, actor)
    if paper is not None:
        documents.add(paper, client, actor)
    for tag in _held(client):
        if tag.code == UNKNOWN:
            tag.to_on, tag.updated_at = max(command.happened_on, tag.from_on), clock.now()
    events.note(case, "identified", actor, on=command.happened_on, text=command.how)
    tasks.keep(case, ("identity",), actor)
    audit.record(db.session, "affairs.identified", case)
    db.session.flush()
    due.refresh_due(client)
    return client


def _groups(row: VagrantMatter, kind: str, case: Case, client: Client, actor: Actor) -> None:
    """The groups that follow from what is known, each from its own day."""
    begins: dict[str, date] = {kind: case.found_on}
    if row.returned_on is not None:
        begins[RETURNED] = row.returned_on
    held = {tag.code: tag for tag in _held(client)}
    for code, day in begins.items():
        if code not in held:
            tags.attach(client, AddTag(code, day), actor)
        elif code == RETURNED and held[code].from_on != day:
            held[code].from_on = day
    db.session.flush()
    due.refresh_due(client)


def _held(client: Client) -> list[TargetTag]:
    return [tag for tag in tag_queries.of_client(client.id) if tag.to_on is None and tag.status != "cancelled"]
