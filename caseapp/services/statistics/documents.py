"""A bureau writes its own text into a report or a circular; no figure is kept with it."""

from caseapp.access import policy
from caseapp.access.permissions import Permission
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.extensions import db
from caseapp.models.statistics import StatDocument
from caseapp.queries.statistics import documents as queries
from caseapp.schemas.statistics.document import WriteDocument
from caseapp.services.trust import audit
from caseapp.services.versions import expect


def write(command: WriteDocument, actor: Actor, document: tuple[str, str, str]) -> StatDocument:
    """Keeps the own text of a document, which is (kind, period, area). Leaves a named event in the trail, never the words.

    Conflict when a colleague has saved meanwhile: nothing of theirs is written over unseen.
    """
    policy.require(actor, Permission.FIGURES_EXPORT)
    kind, period, area = document
    queries.known(actor, kind, period)
    row = queries.own(actor, kind, period, area)
    expect(row.version if row else 0, command.version)
    if row is None:
        row = StatDocument(path=actor.paths[0], kind=kind, period=period, area=area)
        db.session.add(row)
    row.number, row.recipients, row.words = command.number, command.recipients, command.words(kind)
    row.written_by_id, row.written_by, row.written_at = actor.user_id, actor.user_name, clock.now()
    audit.record(db.session, "statistics.document_written", row, reason=f"{kind} {period}")
    db.session.flush()
    return row
