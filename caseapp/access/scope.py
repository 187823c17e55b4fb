"""Rows: the whole rulebook on one page. Every mapped class is in SCOPED or in OPEN (a house test demands it).

Criteria are plain expressions, `false()` without an actor. Rows of a person carry `station_path`, `class` and
`file_id` themselves, so no rule needs a join (architecture.md section 4).
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, and_, false, not_, or_, select, true

from caseapp.access.asked import decided_by
from caseapp.access.order import skipped
from caseapp.access.permissions import Permission
from caseapp.access.roles import ROLES
from caseapp.core.actor import Actor
from caseapp.models import casework as c
from caseapp.models import details as d
from caseapp.models import organisation as o
from caseapp.models import statistics as s
from caseapp.models import trust as t
from caseapp.models.base import Authored
from caseapp.models.casework.task import OF_HEADS

Rule = Callable[[Actor], ColumnElement[bool]]

# Names everyone signed in may read (who acted, which station), reference rows and settings. No person on file is here.
OPEN = frozenset({o.Division, o.Organisation, o.Purchase, o.Setting, o.User})


def under(actor: Actor, column: Any) -> ColumnElement[bool]:
    """The column holds a path at or under one of the grant's; a range, so that an index serves it ('0' follows '/')."""
    return or_(false(), *(and_(column >= path, column < path[:-1] + "0") for path in actor.paths))


def of_persons(model: Any, path: Any = None, lines: bool = False) -> Rule:
    """Rows of a person under the grant's rule; a line (the client row itself) shows also for a minor."""
    column = model.station_path if path is None else path

    def rule(actor: Actor) -> ColumnElement[bool]:
        rows = ROLES[actor.role].rows if actor.role in ROLES else "none"
        place = under(actor, column)
        if model is c.Client:  # a record joined to another is a pointer that nobody reads
            place = and_(place, model.merged_into_id.is_(None))
        if len(actor.stations) == 1 and hasattr(model, "station_id"):
            # says nothing new, but with an equality an index by station serves the order of a list
            place = and_(model.station_id == actor.stations[0], place)
        if rows == "head":
            return place
        if rows not in ("worker", "supervisor", "township"):
            return false()
        shown = ("P1", "P2", "minor") if lines else ("P1", "P2")
        classes = model.klass.in_(shown)
        if actor.open_files:
            classes = or_(classes, model.file_id.in_(sorted(actor.open_files)))
        if actor.lent_files:  # a purpose opens a minor's file, never what is restricted in it
            classes = and_(classes, not_(and_(model.klass == "P3", model.file_id.in_(sorted(actor.lent_files)))))
        if issubclass(model, Authored):
            classes = or_(classes, model.author_id == actor.user_id)
        return and_(place, classes)

    return rule


def of_heads(model: Any) -> Rule:
    """Rows about persons that the head alone settles."""
    return lambda actor: under(actor, model.station_path) if actor.role == "station_head" else false()


def tasks(actor: Actor) -> ColumnElement[bool]:
    """Tasks as other rows of a person; what only the head may know is not told to others by a task on the person's page."""
    rule = of_persons(c.Task)(actor)
    return rule if actor.role == "station_head" else and_(rule, c.Task.kind.not_in(OF_HEADS))


def between(model: Any, *, lines: bool = False) -> Rule:
    """Referrals. The sender's side reads them as any row of the file; the receiver's side, once they were sent (`reached`).

    Of the receiver's side the head sees all; a worker what is not restricted, of a minor the line alone, and either whole
    when it was given to that worker; a supervisor the lines, so as to stand in where a station has one worker. The packet
    leaves the receiver's sight when it is taken back, turned down or completed: then its `reached` falls.
    """
    sender = of_persons(model, model.from_path, lines)

    def rule(actor: Actor) -> ColumnElement[bool]:
        rows = ROLES[actor.role].rows if actor.role in ROLES else "none"
        if rows not in ("head", "worker") and not (lines and rows == "supervisor"):
            return sender(actor)
        here = and_(under(actor, model.to_path), model.reached.is_(True))
        if rows != "head":
            shown = ("P1", "P2", "minor") if lines else ("P1", "P2")
            here = and_(here, or_(model.klass.in_(shown), _mine(actor, model.assigned_to_id, model.klass)))
        return or_(sender(actor), here)

    return rule


def _mine(actor: Actor, column: Any, klass: Any) -> ColumnElement[bool]:
    """The column names the actor, or somebody whose work the actor does; what is restricted only where it goes along."""
    covered = and_(column.in_(sorted(actor.stands_in)), klass != "P3") if actor.stands_in else false()
    return or_(column.in_((actor.user_id, *sorted(actor.stands_in_restricted))), covered)


def handed(actor: Actor) -> ColumnElement[bool]:
    """Lines of handovers: the head's all; a worker's what goes from or to them. Of a file that waits for them the receiver sees
    the line, unless it is restricted and not open to them: then the head hands it over."""
    item, rule = c.HandoverItem, of_persons(c.HandoverItem)(actor)
    if not actor.may(Permission.HANDOVER):
        return false()
    if actor.role == "station_head":
        return rule
    coming = and_(under(actor, item.station_path), item.to_id == actor.user_id, item.klass != "P3")
    ours = or_(item.from_id.in_(actor.users), item.to_id.in_(actor.users))
    return or_(coming, and_(rule, ours))


def handovers(actor: Actor) -> ColumnElement[bool]:
    """The frames of handovers: the head's all, a worker's own."""
    if actor.role == "station_head":
        return under(actor, c.Handover.path)
    if not actor.may(Permission.HANDOVER):
        return false()
    place = or_(under(actor, c.Handover.path), c.Handover.path.in_(_above(actor)))  # also a service point's of its station
    return and_(place, or_(c.Handover.from_id.in_(actor.users), c.Handover.to_id.in_(actor.users)))


def bodies(actor: Actor) -> ColumnElement[bool]:
    """Outside bodies: those registered at or under the own places, and above them for everybody there."""
    if not (actor.may(Permission.REFERRAL_READ) or actor.may(Permission.BODY_WRITE)):
        return false()
    return or_(under(actor, c.OutsideBody.path), c.OutsideBody.path.in_(_above(actor)))


def _above(actor: Actor) -> list[str]:
    """The paths of the places above the actor's."""
    steps = [path.strip("/").split("/") for path in actor.paths]
    return sorted({"/" + "/".join(step[:n]) + "/" for step in steps for n in range(1, len(step))})


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
    above = _above(actor)
    wanted = {"grant_id": place.c.grant_id, "user_id": grant.c.user_id}[column]
    return (
        select(wanted)
        .select_from(place.join(grant, grant.c.id == place.c.grant_id))
        .where(or_(under(actor, place.c.path), and_(grant.c.role == "township_supervisor", place.c.path.in_(above))))
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
    """Published figures: for whoever may read figures, what lies under the grant."""
    return lambda actor: under(actor, column) if actor.may(Permission.FIGURES_READ) else false()


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


PERSONS = (
    c.Assessment,
    c.Case,
    c.CaseEvent,
    c.CaseMember,
    c.Client,
    c.ClientApart,
    c.ClientMerge,
    c.Consent,
    c.Contact,
    c.Enrolment,
    c.Goal,
    c.HandoverItem,
    c.Household,
    c.HouseholdMember,
    c.IdentityDocument,
    t.LegalHold,
    c.MemberLink,
    c.Plan,
    c.PlanItem,
    c.ReferralRequest,
    c.RefusedItem,
    c.Review,
    c.ReviewComment,
    c.ServiceRecord,
    c.StationMatch,
    c.TargetTag,
    c.Task,
    c.VillageContact,
    c.Visit,
    c.VisitPerson,
    *d.ALL,
)

SHARED = (c.Referral, c.ReferralNote, c.ReferralPacket)  # between two stations; class and file are the sender's
FILED = (*PERSONS, *SHARED)  # what follows when the class of a file changes

SCOPED: dict[Any, Rule] = {
    **{model: of_persons(model, lines=model is c.Client) for model in PERSONS},
    **{model: between(model, lines=model is c.Referral) for model in SHARED},
    c.ClientApart: of_heads(c.ClientApart),
    c.StationMatch: of_heads(c.StationMatch),
    c.Task: tasks,
    c.Handover: handovers,
    c.HandoverItem: handed,
    c.OutsideBody: bodies,
    o.Cover: lambda actor: under(actor, o.Cover.path) if actor.may(Permission.CASE_READ) else false(),
    o.Grant: grants(o.Grant, o.Grant.id),
    o.GrantPlace: grants(o.GrantPlace, o.GrantPlace.grant_id),
    o.GrantConfirmation: grants(o.GrantConfirmation, o.GrantConfirmation.grant_id),
    o.Credential: nobody,
    o.OneTimeCode: codes,
    o.SignInGuard: nobody,
    o.SecondFactor: nobody,
    o.RecoveryCode: nobody,
    o.HalfSignIn: nobody,
    o.UserSession: own(o.UserSession),
    o.ApiToken: own(o.ApiToken),
    o.DivisionChange: lambda actor: under(actor, o.DivisionChange.path) if actor.may(Permission.ORGANISATION_MANAGE) else false(),
    s.StatCertificate: nobody,
    s.StatDocument: lambda actor: s.StatDocument.path.in_(actor.paths) if actor.may(Permission.FIGURES_READ) else false(),
    s.StatExtract: extracts(s.StatExtract),
    s.StatExtractCase: nobody,
    s.StatExtractFetch: extracts(s.StatExtractFetch),
    s.StatFact: nobody,
    s.StatNoise: published(s.StatNoise, s.StatNoise.area_path),
    s.StatQuestion: own(s.StatQuestion),
    s.StatSnapshot: nobody,
    s.StatMark: nobody,
    s.StatDue: nobody,
    s.StatPreparation: lambda actor: under(actor, s.StatPreparation.path) if actor.may(Permission.RELEASE_MAKE) else false(),
    s.StatRelease: lambda actor: true() if actor.may(Permission.FIGURES_READ) else false(),
    s.StatCell: published(s.StatCell, s.StatCell.area_path),
    s.StatExport: own_work(s.StatExport),
    t.AskedAct: asked,
    t.AuditEntry: trail(t.AuditEntry),
    t.AuditNumber: nobody,
    t.AuditReview: looked_at,
    t.AuditSeal: nobody,
    t.AuditSeen: trail(t.AuditSeen),
    t.AuditWaiting: nobody,
    t.Counter: nobody,
    t.DisposalCertificate: lambda actor: (
        under(actor, t.DisposalCertificate.path)
        if actor.may(Permission.DISPOSAL_ASK) or actor.may(Permission.DISPOSAL_AGREE) or actor.may(Permission.AUDIT_READ)
        else false()
    ),
    t.Draft: own_work(t.Draft),
    t.FileAccess: lambda actor: (
        under(actor, t.FileAccess.station_path)
        if actor.role == "station_head"
        else or_(t.FileAccess.user_id == actor.user_id, t.FileAccess.file_id.in_(sorted(actor.open_files)))
    ),
    t.Job: lambda actor: under(actor, t.Job.path) if actor.may(Permission.RELEASE_MAKE) else false(),
    t.KeyRotation: nobody,
    t.QueueItem: nobody,
    t.RateBucket: nobody,
    t.SavedFilter: own_work(t.SavedFilter),
    t.StoredResult: own_work(t.StoredResult),
}
