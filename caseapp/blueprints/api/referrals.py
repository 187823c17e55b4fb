"""Referrals: sent from a case, answered by the receiver alone, ended by either side; the register of outside bodies."""

from typing import Any, ClassVar
from uuid import UUID

from marshmallow import Schema, fields

from caseapp.access.permissions import Permission
from caseapp.blueprints.api import ListQuery, api_blueprint, created, page_of, shown
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.visitor import the_actor
from caseapp.core.errors import NotFound
from caseapp.extensions import db
from caseapp.queries.casework import cases
from caseapp.queries.casework import referrals as queries
from caseapp.queries.casework.referrals import boxes, packet, receivers
from caseapp.schemas.casework.referral.answer import (
    AcceptSchema,
    AssignSchema,
    BoxSchema,
    ReceiptSchema,
    ReferralOut,
    RejectSchema,
    SendReferral,
    SendSchema,
    TellSchema,
    VersionSchema,
)
from caseapp.schemas.casework.referral.body import BodyOut, WriteBodySchema
from caseapp.schemas.casework.referral.write import WriteReferral, WriteReferralSchema
from caseapp.services.casework.referrals import answer, outside, write
from caseapp.services.trust import audit

bp = api_blueprint("referrals", __name__, "Handing a person on: to another domain, another station, an outside body.")
SHOW = "api_referrals.show"


class BoxQuery(BoxSchema, ListQuery):
    """The boxes' filters."""

    makes: ClassVar[type | None] = None  # type: ignore[assignment]  # a dict: paging beside the filters


class NewReferralSchema(WriteReferralSchema):
    """A referral, sent at once unless it shall stay a draft."""

    makes: ClassVar[type | None] = None  # type: ignore[assignment]  # a dict: whether it is sent stands beside it
    draft = fields.Boolean(load_default=False)


class PacketOut(Schema):
    """What is or would be handed over, and its mark."""

    referral_id = fields.UUID(required=True)
    frozen = fields.Boolean(required=True)
    digest = fields.String(required=True)
    content = fields.Dict(required=True)


@bp.get("/referrals")
@bp.arguments(BoxQuery, location="query")
@bp.response(200, page_of(ReferralOut))
@requires(Permission.REFERRAL_READ)
def index(query: dict[str, Any]) -> Any:
    """What came in (`box=in`) or went out, the newest first."""
    return boxes.box(the_actor(), query["box"], query["status"], query["cursor"], query["limit"])


@bp.get("/cases/<uuid:case_id>/referrals")
@bp.response(200, page_of(ReferralOut))
@requires(Permission.REFERRAL_READ)
def of_case(case_id: UUID) -> Any:
    """Referrals that went out from a case, the newest first."""
    return {"items": boxes.of_case(cases.opened(case_id, the_actor())), "next": None}


@bp.post("/cases/<uuid:case_id>/referrals")
@bp.arguments(NewReferralSchema)
@bp.response(201, ReferralOut)
@requires(Permission.REFERRAL_WRITE)
def new(given: dict[str, Any], case_id: UUID) -> Any:
    """Refers the person of a case; a restricted packet stays a draft until the head has confirmed it."""
    is_draft = given.pop("draft")
    case = cases.opened(case_id, the_actor(), Permission.REFERRAL_WRITE)
    row = write.draft(WriteReferral(**given), case, the_actor())
    if not is_draft:
        row = write.send(SendReferral(row.version), row, the_actor())
    return created(row, SHOW, referral_id=row.id)


@bp.get("/referrals/<uuid:referral_id>")
@bp.response(200, ReferralOut)
@requires(Permission.REFERRAL_READ)
def show(referral_id: UUID) -> Any:
    """One referral, of either side."""
    return queries.one(referral_id)


@bp.get("/referrals/<uuid:referral_id>/packet")
@bp.response(200, PacketOut)
@requires(Permission.REFERRAL_READ)
def read_packet(referral_id: UUID) -> Any:
    """What was handed over; of a draft what would be. 404 for the receiver once the referral is over."""
    row = queries.one(referral_id)
    frozen = queries.packet_of(row)
    if frozen is not None:
        audit.opened(db.session, frozen, "referral.packet_read")
        return {"referral_id": row.id, "frozen": True, "digest": frozen.digest, "content": frozen.content}
    if row.status != "draft":
        raise NotFound()
    content = write.preview(row, the_actor())
    return {"referral_id": row.id, "frozen": False, "digest": packet.digest(content), "content": content}


def _verb(name: str, schema: Any, verb: Any, *permissions: Permission, words: str) -> None:
    """One address for each verb on a referral; the service says whose it is."""

    @bp.post(f"/referrals/<uuid:referral_id>/{name}", endpoint=name)
    @bp.arguments(schema)
    @bp.response(200, ReferralOut)
    @bp.doc(description=words)
    @requires(*permissions)
    def act(command: Any, referral_id: UUID) -> Any:
        """Carries it out; 403 for the wrong side, 409 when it stands elsewhere by now."""
        row = queries.one(referral_id)
        return shown(verb(command, row, the_actor()), SHOW, referral_id=row.id)


WRITE, ANSWER = Permission.REFERRAL_WRITE, Permission.REFERRAL_ANSWER
_verb("send", SendSchema, write.send, WRITE, words="Sends a draft; `digest` says which packet was looked at.")
_verb("confirm", SendSchema, write.confirm, Permission.CASE_ASSIGN, words="The head lets a restricted packet leave.")
_verb("revoke", VersionSchema, write.revoke, WRITE, words="Takes it back: the receiver no longer reads the packet.")
_verb("chase", VersionSchema, write.chase, WRITE, words="Reminds the receiver.")
_verb("assign", AssignSchema, answer.assign, Permission.CASE_ASSIGN, words="The receiver's head gives it to somebody.")
_verb("stand-in", VersionSchema, answer.stand_in, Permission.REFERRAL_CONFIRM, words="For the only worker of a station.")
_verb("accept", AcceptSchema, answer.accept, ANSWER, words="Takes the person in. Never the sender.")
_verb("reject", RejectSchema, answer.reject, ANSWER, words="Turns it down, with a reason.")
_verb("begin", VersionSchema, answer.begin, ANSWER, words="The service has begun.")
_verb("feedback", TellSchema, answer.feedback, ANSWER, WRITE, words="What has become of it so far.")
_verb("complete", TellSchema, answer.complete, ANSWER, WRITE, words="What was asked for is done.")
_verb("receipt", ReceiptSchema, outside.receipt, WRITE, words="What an outside body answered, written down by the sender.")


@bp.get("/outside-bodies")
@bp.response(200, page_of(BodyOut))
@requires(Permission.REFERRAL_READ, Permission.BODY_WRITE)
def bodies() -> Any:
    """Outside bodies of the station and its county."""
    return {"items": receivers.bodies(), "next": None}


@bp.post("/outside-bodies")
@bp.arguments(WriteBodySchema)
@bp.response(201, BodyOut)
@requires(Permission.BODY_WRITE)
def new_body(command: Any) -> Any:
    """Registers an outside body for the own station or county."""
    row = outside.register(command, the_actor())
    return created(row, "api_referrals.body", body_id=row.id)


@bp.get("/outside-bodies/<uuid:body_id>")
@bp.response(200, BodyOut)
@requires(Permission.REFERRAL_READ, Permission.BODY_WRITE)
def body(body_id: UUID) -> Any:
    """One outside body."""
    return receivers.body(body_id)
