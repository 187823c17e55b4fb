"""The sender's part: drafting, the head's word on a restricted packet, sending, reminding, taking back."""

from datetime import timedelta
from typing import Any

from caseapp import domains
from caseapp.access import policy
from caseapp.access.permissions import Permission
from caseapp.core import clock, dates
from caseapp.core.actor import Actor
from caseapp.core.errors import Conflict, Invalid
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.casework import Case, Client, Referral, ReferralPacket, ReferralRequest
from caseapp.models.casework.case import LIVE
from caseapp.models.casework.referral import RUNNING, UNANSWERED
from caseapp.models.organisation import Organisation
from caseapp.queries.casework import cases, clients
from caseapp.queries.casework.referrals import boxes, packet, receivers
from caseapp.queries.organisation import settings
from caseapp.schemas.casework.referral.answer import SendReferral, Tell
from caseapp.schemas.casework.referral.write import WriteReferral, all_sections
from caseapp.services.casework import consents, tasks
from caseapp.services.casework.cases import events
from caseapp.services.casework.numbers import next_number
from caseapp.services.casework.referrals import sides
from caseapp.services.casework.referrals.ending import end
from caseapp.services.trust import audit
from caseapp.services.versions import expect_version

COPIED = ("basis", "signer", "signer_name", "signer_relation", "child_heard", "channel", "paper_place", "signed_on")
SENDING = (*LIVE, "follow_up")


def draft(command: WriteReferral, case: Case, actor: Actor) -> Referral:
    """A draft about the person of a case. Needs referral:write over the case, whose work must still go on.

    Refuses households and communities (a packet is about one person), the case's own domain, the own station, a receiver
    that is closed or out of sight, and a consent about a child that no guardian signed.
    """
    policy.require(actor, Permission.REFERRAL_WRITE, case)
    client = _person(case)
    station = db.session.get_one(Organisation, case.station_id)
    row = Referral(
        referral_no=next_number(station, "R"),
        from_station_id=case.station_id,
        from_path=case.station_path,
        klass=case.klass,
        file_id=case.id,
        kind=command.kind,
        created_at=clock.now(),
        created_by_id=actor.user_id,
    )
    request = ReferralRequest(case_id=case.id, client_id=client.id, created_at=clock.now(), created_by_id=actor.user_id)
    _write(command, row, request, case, client)
    db.session.add(row)
    db.session.flush()
    request.referral_id = row.id
    request.belongs_to(case)
    db.session.add(request)
    audit.record(db.session, "referral.drafted", case)
    db.session.flush()
    return row


def change(command: WriteReferral, row: Referral, actor: Actor) -> Referral:
    """Another content of a draft; the head's word on it falls with the packet's digest."""
    request = sides.as_sender(row, actor)
    expect_version(row, command.version or 0)
    sides.stands(row, "draft", version=row.version)
    case = cases.one(request.case_id)
    _write(command, row, request, case, _person(case))
    row.updated_at = request.updated_at = clock.now()
    audit.record(db.session, "referral.changed", case)
    db.session.flush()
    return row


def preview(row: Referral, actor: Actor) -> dict[str, Any]:
    """What would be handed over if it were sent now. For the sender's side alone."""
    request = sides.as_sender(row, actor, Permission.REFERRAL_READ)
    case = cases.one(request.case_id)
    return packet.build(row, request, case, clients.one(request.client_id), domains.get(case.domain).detail)


def confirm(command: SendReferral, row: Referral, actor: Actor) -> Referral:
    """The head's word that a restricted packet may leave the station as it stands. Needs case:assign."""
    request = sides.as_sender(row, actor, Permission.CASE_ASSIGN)
    sides.stands(row, "draft", version=command.version)
    if row.klass != "P3":
        raise Conflict(_l("This packet is not restricted; nobody needs to confirm it."), code="wrong_state")
    request.confirmed_digest, request.confirmed_by_id = _as_shown(command, row, actor), actor.user_id
    row.updated_at = clock.now()
    audit.record(db.session, "referral.confirmed", request)
    db.session.flush()
    return row


def send(command: SendReferral, row: Referral, actor: Actor) -> Referral:
    """Freezes the packet and hands it over. Needs referral:write.

    Refuses a packet that is no longer what was shown, a restricted one without the head's word, somebody who died or took
    the consent back, and a second one to the same receiver while the first has no answer.
    """
    request = sides.as_sender(row, actor)
    sides.stands(row, "draft", version=command.version)
    case = cases.one(request.case_id)
    client = _person(case)
    if client.deceased_on is not None:
        raise Conflict(_l("This person has died."), code="deceased")
    if request.basis == "consent":
        consents.must_hold(client.id)
    _refuse_twin(row, case)
    if row.kind == "station" and receivers.station(row.to_station_id) is None:
        raise Conflict(_l("The receiving station is closed."), "to_station_id", code="receiver_closed")
    content = packet.build(row, request, case, client, domains.get(case.domain).detail)
    mark = packet.digest(content)
    if command.digest is not None and command.digest != mark:
        raise Conflict(_l("The file has changed since the packet was shown. Look at it again, then send."), code="packet_changed")
    if row.klass == "P3" and request.confirmed_digest != mark:
        raise Conflict(_l("The head must look at this restricted packet and confirm it first."), code="confirmation_needed")
    at = settings.At(row.to_path or row.from_path)
    row.status, row.sent_at, row.sent_by_id = "sent", clock.now(), actor.user_id
    row.answer_by = dates.add_working_days(clock.today(), at["referral.answer_working_days"])
    row.reached = row.kind != "outside"
    row.updated_at = clock.now()
    _freeze(content, mark, row, actor)
    if request.basis == "emergency":
        until = clock.today() + timedelta(days=at["consent.notify_later_days"])
        tasks.promise(case, "notify_later", until, actor, user_id=case.worker_id)
    events.note(case, "referred", actor, facts={"kind": row.kind, "number": row.referral_no})
    audit.record(db.session, "referral.sent", case, reason=request.basis)
    db.session.flush()
    return row


def chase(command: Tell, row: Referral, actor: Actor) -> Referral:
    """The receiver is reminded, by telephone or here; how often is counted. Needs referral:write."""
    request = sides.as_sender(row, actor)
    sides.stands(row, "sent", version=command.version)
    row.chased, row.updated_at = row.chased + 1, clock.now()
    sides.say(row, "chased", actor, by_receiver=False, text=command.text)
    audit.record(db.session, "referral.chased", request)
    db.session.flush()
    return row


def revoke(command: Tell, row: Referral, actor: Actor) -> Referral:
    """The sender takes it back, whatever became of the other side: from now on nobody there reads the packet.

    Needs referral:write. What the receiver has made its own, a stay on file or a case, stays.
    """
    request = sides.as_sender(row, actor)
    sides.stands(row, *UNANSWERED, *RUNNING, version=command.version)
    was_draft = row.status == "draft"
    end(row, "revoked")
    if not was_draft:
        sides.say(row, "revoked", actor, by_receiver=False, text=command.text)
    audit.record(db.session, "referral.dropped" if was_draft else "referral.revoked", request)
    db.session.flush()
    return row


def _person(case: Case) -> Client:
    if case.client_id is None:
        raise Conflict(_l("A referral is about one person. Open a case of that person first."), code="no_person")
    if case.status not in SENDING:
        raise Conflict(_l("The file is at another stage now, so this step is not open."), code="wrong_stage")
    return clients.one(case.client_id)


def _write(command: WriteReferral, row: Referral, request: ReferralRequest, case: Case, client: Client) -> None:
    consents.guardian_signs(command, client)
    row.kind, row.urgency, row.to_domain, row.body_id = command.kind, command.urgency, None, None
    row.to_station_id, row.to_path, row.to_client_id = None, None, None
    if command.kind == "outside":
        row.body_id = receivers.body(command.body_id).id
    else:
        _to_station(command, row, case)
    request.reason, request.need, request.papers = command.reason, command.need, command.papers
    request.sections = all_sections(command.sections)
    request.case_goes, request.moves = command.case_goes, command.moves
    for name in COPIED:
        setattr(request, name, getattr(command, name))


def _to_station(command: WriteReferral, row: Referral, case: Case) -> None:
    known = {domain.code for domain in domains.all()}
    if command.to_domain is not None and command.to_domain not in known:
        raise Invalid(_l("Choose one of the answers offered."), "to_domain")
    if command.kind == "domain":
        if command.to_domain == case.domain:
            raise Invalid(_l("The case is of this domain already."), "to_domain")
        station = db.session.get_one(Organisation, case.station_id)
        row.to_client_id = case.client_id
    else:
        found = receivers.station(command.to_station_id)
        if found is None or found.id == case.station_id:
            raise Invalid(_l("Choose another station that is open."), "to_station_id")
        station = found
    row.to_station_id, row.to_path, row.to_domain = station.id, station.path, command.to_domain


def _refuse_twin(row: Referral, case: Case) -> None:
    goal = (row.to_station_id, row.body_id, row.to_domain if row.kind == "domain" else None)
    for other in boxes.unanswered(case):
        theirs = (other.to_station_id, other.body_id, other.to_domain if other.kind == "domain" else None)
        if other.id != row.id and other.status == "sent" and other.kind == row.kind and theirs == goal:
            raise Conflict(_l("There is a referral to the same receiver without an answer."), code="already_sent")


def _as_shown(command: SendReferral, row: Referral, actor: Actor) -> str:
    mark = packet.digest(preview(row, actor))
    if command.digest is not None and command.digest != mark:
        raise Conflict(_l("The file has changed since the packet was shown. Look at it again, then send."), code="packet_changed")
    return mark


def _freeze(content: dict[str, Any], mark: str, row: Referral, actor: Actor) -> None:
    frozen = ReferralPacket(
        referral_id=row.id, schema_version=packet.SCHEMA, digest=mark, made_at=clock.now(), made_by_id=actor.user_id
    )
    frozen.content = content
    sides.share(row, frozen)
    db.session.add(frozen)
