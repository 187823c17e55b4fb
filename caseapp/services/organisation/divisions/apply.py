"""Carrying out changes of divisions: at once, or on their day; divisions and offices change together, all or nothing."""

from collections import Counter
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from caseapp.access import policy
from caseapp.access.permissions import Permission as P
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import Invalid
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.organisation import Division, DivisionChange, Organisation
from caseapp.queries.organisation import divisions as queries
from caseapp.services.organisation import names, tree
from caseapp.services.organisation.divisions.judge import judge
from caseapp.services.organisation.divisions.lines import Line, line_of
from caseapp.services.organisation.divisions.load import OFFICES, office_of
from caseapp.services.trust import audit


def apply(lines: list[Line], actor: Actor) -> Counter[str]:
    """Carries out a table whose every line is in order; what holds from a later day waits for it. Returns how many of each.

    For an administrator of the places. Raises Invalid when a line has a problem. Leaves the changes in the trail, and each
    with its day and what was before in `division_change`.
    """
    policy.require(actor, P.ORGANISATION_MANAGE)
    _in_order(judge(lines, actor))
    told: Counter[str] = Counter()
    for line in sorted(lines, key=lambda one: one.rank):
        if line.act == "nothing":
            told["nothing"] += 1
            continue
        change = _change_of(line, actor)
        db.session.add(change)
        if line.waits:
            told["waits"] += 1
        else:
            _carry_out(change)
            told[line.act] += 1
    audit.record(db.session, "divisions.imported", reason=_said(told))
    db.session.flush()
    return told


def carry_out_due(actor: Actor) -> Counter[str]:
    """Carries out the changes whose day has come, judged anew. For an administrator of the places.

    Raises Invalid where one no longer fits, and carries out none; withdrawing that one lets the others pass.
    """
    policy.require(actor, P.ORGANISATION_MANAGE)
    due = due_lines(actor)
    _in_order([line for _change, line in due])
    told: Counter[str] = Counter()
    for change, line in sorted(due, key=lambda pair: pair[1].rank):
        change.act = line.act
        _carry_out(change)
        told[line.act] += 1
    audit.record(db.session, "divisions.carried_out", reason=_said(told))
    db.session.flush()
    return told


def due_lines(actor: Actor) -> list[tuple[DivisionChange, Line]]:
    """The changes whose day has come, each judged anew."""
    due = queries.due(actor)
    lines = [line_of(change, number) for number, change in enumerate(due, 1)]
    return list(zip(due, judge(lines, actor, stored=True) if lines else lines, strict=True))


def withdraw(change_id: UUID, actor: Actor) -> None:
    """Takes a waiting change back. For an administrator of the place; NotFound for one that does not wait."""
    policy.require(actor, P.ORGANISATION_MANAGE)
    change = queries.waiting_one(change_id, actor)
    change.state = "withdrawn"
    audit.record(db.session, "divisions.withdrawn", change)
    db.session.flush()


def _in_order(lines: list[Line]) -> None:
    if any(line.problems for line in lines):
        raise Invalid(_l("Some lines cannot be taken. Correct the file and choose it again."), "file")


def _said(told: Counter[str]) -> str:
    return ", ".join(f"{act} {count}" for act, count in sorted(told.items()))


def _change_of(line: Line, actor: Actor) -> DivisionChange:
    return DivisionChange(
        code=line.code,
        act=line.act,
        effective_on=line.effective,
        state="waiting",
        path=line.path,
        name=line.name or None,
        level=line.level or None,
        parent_code=line.parent or None,
        now_code=line.now_code or None,
        counts_for_coverage=line.counts,
        entered_at=clock.now(),
        entered_by_id=actor.user_id,
    )


def _carry_out(change: DivisionChange) -> None:
    division = db.session.get(Division, change.code)
    if division is None:
        _new(change)
    else:
        change.name_before, change.parent_before = division.name, division.parent_code
        if change.now_code:
            _abolish(change, division)
        else:
            _alter(change, division)
    change.state, change.done_at = "done", clock.now()
    db.session.flush()


def _new(change: DivisionChange) -> None:
    division = Division(
        code=change.code,
        name=change.name,
        level=change.level,
        parent_code=change.parent_code,
        source="import",
        from_on=change.effective_on,
        counts_for_coverage=bool(change.counts_for_coverage),
    )
    db.session.add(division)
    db.session.flush()
    if division.level in OFFICES:
        upper = db.session.get(Division, division.parent_code)
        tree.put(office_of(division, _office(division.parent_code), upper))


def _alter(change: DivisionChange, division: Division) -> None:
    moves = change.parent_code is not None and change.parent_code != division.parent_code
    division.name = change.name or division.name
    division.parent_code = change.parent_code or division.parent_code
    if change.counts_for_coverage is not None:
        division.counts_for_coverage = change.counts_for_coverage
    db.session.flush()
    office, parent = _office(division.code), _office(division.parent_code)
    if moves and office is not None and parent is not None:
        tree.relocate(db.session, office, parent)
    names.bring_up_to_date(change.code)


def _abolish(change: DivisionChange, division: Division) -> None:
    division.to_on, division.now_code = change.effective_on - timedelta(days=1), change.now_code
    office = _office(division.code)
    if office is not None:
        office.closed_on = change.effective_on


def _office(code: str | None) -> Organisation | None:
    query = select(Organisation).where(Organisation.division_code == code, Organisation.kind.in_(OFFICES))
    return db.session.scalar(query) if code else None
