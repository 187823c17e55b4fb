"""Rows about no person on file: one's own, grants and codes, published figures, the trail."""

from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select, true

from caseapp.access.asked import decided_by
from caseapp.access.order import skipped
from caseapp.access.permissions import Permission
from caseapp.access.scope.places import Rule, above, at, under
from caseapp.core.actor import Actor
from caseapp.models import organisation as o
from caseapp.models import statistics as s
from caseapp.models import trust as t


def own(model: Any) -> Rule:
    """Rows that belong to the user alone."""
    return lambda actor: model.user_id == actor.user_id


def own_work(model: Any) -> Rule:
    """Rows that belong to the user under this very grant."""
    return lambda actor: and_(model.user_id == actor.user_id, model.grant_id == actor.grant_id)


def grants(model: Any, key: Any) -> Rule:
    """Grants: one's own; under one's paths for those who propose or confirm and for a station's people."""

    def rule(actor: Actor) -> ColumnElement[bool]:
        mine = model.id.in_(_own_grants(actor)) if model is o.Grant else key.in_(_own_grants(actor))
        if actor.role == "security_admin":
            return true()
        return or_(mine, key.in_(_grants_near(actor, "grant_id")))

    return rule


def _grants_near(actor: Actor, column: str) -> Any:
    """Grants (or their users) at or under the actor's places; a station also sees who of its township reads its files."""
    grant, place = o.Grant.__table__, o.GrantPlace.__table__
    higher = above(actor)
    wanted = {"grant_id": place.c.grant_id, "user_id": grant.c.user_id}[column]
    return (
        select(wanted)
        .select_from(place.join(grant, grant.c.id == place.c.grant_id))
        .where(or_(under(actor, place.c.path), and_(grant.c.role == "township_supervisor", place.c.path.in_(higher))))
    )


def codes(actor: Actor) -> ColumnElement[bool]:
    """One-time codes: for who makes them (accounts under the own places) and who confirms them; only hashes are there."""
    user = o.User.__table__
    if actor.role == "security_admin":
        return true()
    if actor.may(Permission.ACCOUNT_MANAGE):
        return o.OneTimeCode.user_id.in_(select(user.c.id).where(under(actor, user.c.home_path)))
    if actor.may(Permission.GRANT_CONFIRM):
        return o.OneTimeCode.user_id.in_(_grants_near(actor, "user_id"))
    return false()


def asked(actor: Actor) -> ColumnElement[bool]:
    """Acts that need two people: one's own wishes, and those at the own places that the role decides on."""
    kinds = decided_by(actor)
    place = true() if actor.role == "security_admin" else under(actor, t.AskedAct.path)
    return or_(t.AskedAct.asked_by_id == actor.user_id, and_(t.AskedAct.kind.in_(kinds), place) if kinds else false())


def _own_grants(actor: Actor) -> Any:
    grant = o.Grant.__table__
    return select(grant.c.id).where(grant.c.user_id == actor.user_id)


def published(model: Any, column: Any) -> Rule:
    """Published figures: for whoever may read figures, what lies under the grant.

    A bureau that has moved also reads what was released before it left from where it stood; what came there since is another's.
    """
    released = s.StatRelease.__table__

    def rule(actor: Actor) -> ColumnElement[bool]:
        if not actor.may(Permission.FIGURES_READ):
            return false()
        before = [
            and_(at(column, path), model.release_id.in_(select(released.c.id).where(released.c.published_at < left)))
            for path, left in actor.formerly
        ]
        return or_(under(actor, column), *before)

    return rule


def copies(actor: Actor) -> ColumnElement[bool]:
    """Files made from a release: one's own; of others at or under the own places who made which copy, for whoever may make some.

    Pages hand out the bytes to their maker alone (`queries/statistics/published.py`); all numbers in them the reader may read anyway.
    """
    export = s.StatExport
    if not actor.may(Permission.FIGURES_EXPORT):
        return own_work(export)(actor)
    before = [and_(at(export.path, path), export.made_at < left) for path, left in actor.formerly]
    return or_(own_work(export)(actor), under(actor, export.path), *before)


def extracts(model: Any) -> Rule:
    """Extracts of closed cases: those of the own bureau, for whoever makes and checks them."""
    return lambda actor: under(actor, model.path) if actor.may(Permission.EXTRACT_MAKE) else false()


def trail(model: Any) -> Rule:
    """The trail: the auditor's subtree; a head reads who saw a file of the own station.

    An auditor at the root reads all of it: also what belongs to no place of the tree, as a sign-in under a name that is
    nobody's, and what contractors do, who stand beside the tree.
    """

    def rule(actor: Actor) -> ColumnElement[bool]:
        if actor.may(Permission.AUDIT_READ) and any(path.count("/") == 2 for path in actor.paths):
            return true()
        if model is t.AuditEntry and actor.may(Permission.AUDIT_READ):
            return under(actor, skipped(model.station_path))  # entries are read in the order of their time
        if model is t.AuditSeen and (actor.may(Permission.AUDIT_READ) or actor.may(Permission.FILE_TRAIL)):
            return under(actor, model.station_path)
        return false()

    return rule


def looked_at(actor: Actor) -> ColumnElement[bool]:
    """What auditors said of days that stood out: those over the auditor's places, whoever said it."""
    return under(actor, t.AuditReview.station_path) if actor.may(Permission.AUDIT_READ) else false()


def nobody(_actor: Actor) -> ColumnElement[bool]:
    """Only a system session reads these."""
    return false()


def certificates(actor: Any) -> Any:
    """Certificates of disposal at a place: for who wishes it and who agrees."""
    reads = (Permission.DISPOSAL_ASK, Permission.DISPOSAL_AGREE)
    return under(actor, t.DisposalCertificate.path) if any(actor.may(one) for one in reads) else false()
