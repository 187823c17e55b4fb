"""Rows: the whole rulebook as one table. Every mapped class is in SCOPED or in OPEN (a house test demands it).

Criteria are plain expressions, `false()` without an actor. Rows of a person carry `station_path`, `class` and
`file_id` themselves, so no rule needs a join (architecture.md section 4). PostgreSQL holds the same for rows of persons a second
time, by itself (`models/wall/`).
"""

from typing import Any

from sqlalchemy import false, or_, true

from caseapp.access.permissions import Permission
from caseapp.access.scope.offices import (
    asked,
    certificates,
    codes,
    copies,
    extracts,
    grants,
    looked_at,
    nobody,
    own,
    own_work,
    published,
    trail,
)
from caseapp.access.scope.persons import between, bodies, handed, handovers, of_heads, of_persons, tasks
from caseapp.access.scope.places import Rule, under
from caseapp.models import casework as c
from caseapp.models import details as d
from caseapp.models import organisation as o
from caseapp.models import statistics as s
from caseapp.models import trust as t

__all__ = ["FILED", "OPEN", "PERSONS", "SCOPED", "SHARED", "Rule", "under"]

# Names everyone signed in may read (who acted, which station), reference rows and settings. No person on file is here.
OPEN = frozenset({o.Division, o.Organisation, o.Purchase, o.Setting, o.User})

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
    o.FormerPassword: nobody,
    o.OneTimeCode: codes,
    o.SignInGuard: nobody,
    o.SecondFactor: nobody,
    o.RecoveryCode: nobody,
    o.HalfSignIn: nobody,
    o.UserSession: own(o.UserSession),
    o.ApiToken: own(o.ApiToken),
    o.FormerPlace: nobody,  # read at the door, before there is an actor
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
    s.StatExport: copies,
    t.AskedAct: asked,
    t.AuditArchive: nobody,
    t.AuditEntry: trail(t.AuditEntry),
    t.AuditNumber: nobody,
    t.AuditReview: looked_at,
    t.AuditSeal: nobody,
    t.AuditSeen: trail(t.AuditSeen),
    t.AuditWaiting: nobody,
    t.Counter: nobody,
    t.DisposalCertificate: certificates,
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
