"""The two boxes, and one referral as its reader's side may see it: packet, notes, what can be done; the printed slip."""

from typing import Any
from uuid import UUID

from flask import request, url_for

from caseapp.access import policy
from caseapp.access.permissions import Permission
from caseapp.blueprints.http.filters import label, moment, tag
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.blueprints.referrals import packet as in_words
from caseapp.blueprints.referrals.blueprint import bp
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import NotFound
from caseapp.core.text import _
from caseapp.extensions import db
from caseapp.forms.casework.referral import SendForm
from caseapp.forms.fields import words
from caseapp.models.casework import Referral, ReferralRequest
from caseapp.models.casework.referral import RUNNING
from caseapp.queries.casework import cases, clients
from caseapp.queries.casework import referrals as queries
from caseapp.queries.casework.referrals import boxes, packet, receivers
from caseapp.queries.organisation import workers
from caseapp.reference import codes
from caseapp.services.casework.referrals import answer, write
from caseapp.services.trust import audit


@bp.get("")
@requires(Permission.REFERRAL_READ)
def index() -> Any:
    """What came in, or went out; the newest first."""
    actor = the_actor()
    which = "out" if request.args.get("box") == "out" else "in"
    status = request.args.get("status") if codes("referral_status").valid(request.args.get("status")) else None
    found = boxes.box(actor, which, status, request.args.get("cursor"))
    kept: dict[str, Any] = {"box": which, **({"status": status} if status else {})}
    return page(
        "referrals/index.html",
        rows=boxes.lines(found.items, actor),
        which=which,
        state_chosen=status,
        statuses=[("", _("all")), *words("referral_status", tag())],
        chosen=[(label("referral_status", status), url_for(".index", box=which))] if status else [],
        next_url=url_for(".index", **kept, cursor=found.next) if found.next else None,
    )


@bp.get("/<uuid:referral_id>")
@requires(Permission.REFERRAL_READ)
def show(referral_id: UUID) -> Any:
    """One referral. Of a draft what would be handed over, exactly as it will be read."""
    row = queries.one(referral_id)
    return shown(row, SendForm(formdata=None, version=row.version))


def shown(row: Referral, form: SendForm) -> Any:
    """The page of a referral; `form` sends or confirms a draft."""
    actor = the_actor()
    content, mark = _content(row, actor)
    form.version.data, form.digest.data = row.version, mark
    said = queries.notes(row)
    wish = _wish(row, actor)
    line = boxes.lines([row], actor)[0]
    return page(
        "referrals/show.html",
        form=form,
        row=row,
        line=line,
        content=content,
        sections=in_words.words(content) if content else [],
        ground=in_words.ground(content) if content else "",
        notes=said,
        wish=wish,
        case=cases.one(wish.case_id) if wish is not None else None,
        own=_own(row, actor),
        people=workers.names(
            {note.by_id for note in said} | {row.sent_by_id, row.assigned_to_id, row.decided_by_id, row.stand_in_id}
        ),
        can=_can(row, wish, actor, content is not None),
    )


@bp.get("/<uuid:referral_id>/print")
@requires(Permission.REFERRAL_READ)
def print_slip(referral_id: UUID) -> Any:
    """The slip on paper with the packet, and below it the receipt to be sent back."""
    row, actor = queries.one(referral_id), the_actor()
    frozen = queries.packet_of(row)
    if frozen is None:
        raise NotFound()
    audit.opened(db.session, frozen, "referral.printed")
    line = boxes.lines([row], actor)[0]
    return page(
        "referrals/print.html",
        row=row,
        line=line,
        content=frozen.content,
        sections=in_words.words(frozen.content),
        ground=in_words.ground(frozen.content),
        body=receivers.body(row.body_id) if row.body_id else None,
        file_number=row.referral_no,
        trace=_("Printed by %(name)s, %(when)s", name=actor.user_name, when=moment(clock.now())),
        signature_labels=[_("Social worker"), _("Head of station")],
    )


def _content(row: Referral, actor: Actor) -> tuple[dict[str, Any] | None, str]:
    frozen = queries.packet_of(row)
    if frozen is not None:
        audit.opened(db.session, frozen, "referral.packet_read")
        return frozen.content, frozen.digest
    if row.status != "draft":
        return None, ""
    content = write.preview(row, actor)
    return content, packet.digest(content)


def _wish(row: Referral, actor: Actor) -> ReferralRequest | None:
    """The sender's wish, where the reader stands on that side."""
    if not actor.covers(row.from_path):
        return None
    try:
        return queries.request_of(row)
    except NotFound:
        return None


def _own(row: Referral, actor: Actor) -> tuple[Any, Any]:
    """Person and case that the receiver has made of it, where they are the reader's."""
    if not actor.covers(row.to_path) or row.status not in (*RUNNING, "completed"):
        return None, None
    held = cases.many([row.to_case_id] if row.to_case_id else []).get(row.to_case_id) if row.to_case_id else None
    try:
        return (clients.one(row.to_client_id) if row.to_client_id else None), held
    except NotFound:
        return None, held


def _can(row: Referral, wish: ReferralRequest | None, actor: Actor, reads: bool) -> dict[str, bool]:
    """Which verbs the page offers; the services judge again."""
    sender = wish is not None and policy.may(actor, Permission.REFERRAL_WRITE, wish)
    head = actor.may(Permission.CASE_ASSIGN)
    here = row.reached and actor.covers(row.to_path)
    receiver = here and actor.may(Permission.REFERRAL_ANSWER) and reads
    stranger = actor.user_id not in (row.sent_by_id, row.created_by_id) or row.stand_in_id is not None
    tells = receiver if row.kind != "outside" else sender
    return {
        "edit": sender and row.status == "draft",
        "send": sender and row.status == "draft" and (row.klass != "P3" or bool(wish and wish.confirmed_digest)),
        "confirm": sender and head and row.status == "draft" and row.klass == "P3",
        "revoke": sender and row.status in ("draft", "sent", *RUNNING),
        "chase": sender and row.status == "sent",
        "receipt": sender and row.status == "sent" and row.kind == "outside",
        "let_go": sender and row.case_to_go and actor.may(Permission.CASE_CLOSE),
        "accept": receiver and stranger and row.status == "sent",
        "give": here and head and row.status in ("sent", *RUNNING),
        "stand_in": here and answer.may_stand_in(row, actor),
        "begin": receiver and row.status == "accepted",
        "tell": tells and row.status in RUNNING,
        "print": reads and row.status != "draft",
    }
