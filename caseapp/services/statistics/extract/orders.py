"""The maker's part: orders an extract, which is weighed; has it made; takes it back."""

import hashlib
import math
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from caseapp.access import policy
from caseapp.access.outside import lifted
from caseapp.access.permissions import Permission
from caseapp.access.system import joined, system_session
from caseapp.adapters import queue
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import Conflict, Invalid
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.statistics import StatExtract
from caseapp.models.statistics.extract import OPEN
from caseapp.queries.statistics import extracts as queries
from caseapp.reference.extracts import extract_kind
from caseapp.schemas.statistics.extract import EndExtract, OrderExtract
from caseapp.services.statistics.extract import files, kept, lattice, shape
from caseapp.services.statistics.extract.ending import sweep
from caseapp.services.statistics.extract.measure import measure
from caseapp.services.statistics.extract.shape import Chosen
from caseapp.services.statistics.extract.union import measure_union
from caseapp.services.statistics.extract.weigh import Say, problem_of, read, weigh
from caseapp.services.statistics.release import require_highest
from caseapp.services.trust import audit, jobs

WEIGH, MAKE = "statistics.extract_weigh", "statistics.extract_make"


def order(command: OrderExtract, actor: Actor) -> StatExtract:
    """An extract is weighed by a worker (at once in a demo): nothing is made of it yet. By an officer of the highest bureau.

    Refuses a year that is not over, and more combinations of levels than a search takes.
    """
    policy.require(actor, Permission.EXTRACT_MAKE)
    kind = extract_kind()
    years = sorted({int(year) for year in command.years})
    if years[-1] >= clock.today().year:
        raise Invalid(_l("Only years that are over: each case stands in one extract, by the year of its closing."), "years")
    told = [one.code for one in kind.attributes if one.required or one.code in command.attributes]
    chosen = Chosen(
        kind, command.recipient, tuple(told), tuple(one.code for one in kind.sensitive if one.code in command.sensitive)
    )
    nodes = math.prod(one.top - one.lowest(command.recipient) + 1 for one in chosen.told)
    if nodes > lattice.MOST_NODES:
        raise Invalid(_l("Too many attributes at once: leave out one or two."), "attributes")
    with joined("statistics extract: may it be ordered") as session:
        require_highest(session, actor)
        sweep(session)
        number = (session.scalar(select(func.max(StatExtract.number))) or 0) + 1
    row = StatExtract(
        path=actor.paths[0],
        number=number,
        state="weighing",
        rules=kind.version,
        years=[str(year) for year in years],
        recipient=command.recipient,
        recipient_name=command.recipient_name,
        purpose=command.purpose,
        attributes=list(chosen.attributes),
        sensitive=list(chosen.sensitive),
        file_days=command.file_days,
        made_by_id=actor.user_id,
        made_by=actor.user_name,
        made_at=clock.now(),
    )
    db.session.add(row)
    audit.record(db.session, "statistics.extract_ordered", row, reason=f"{number}: {row.purpose}")
    db.session.flush()
    _have_done(WEIGH, row, actor)
    return row


def have_made(extract_id: UUID, actor: Actor) -> StatExtract:
    """What was weighed is made: a preparation, which waits for a second person. By the maker."""
    policy.require(actor, Permission.EXTRACT_MAKE)
    row = queries.extract(actor, extract_id)
    if row.state != "weighed":
        raise Conflict(_l("Only an extract that was weighed can be made."), code="not_weighed")
    row.state = "making"
    audit.record(db.session, "statistics.extract_making", row, reason=f"{row.number}: {row.purpose}")
    db.session.flush()
    _have_done(MAKE, row, actor)
    return row


def cancel(extract_id: UUID, command: EndExtract, actor: Actor) -> StatExtract:
    """The bureau takes an extract back that is not handed out; what was made of it is deleted."""
    policy.require(actor, Permission.EXTRACT_MAKE)
    row = queries.extract(actor, extract_id)
    if row.state not in OPEN:
        raise Conflict(_l("This extract is closed already."), code="closed")
    if row.job_id is not None and row.state in ("weighing", "making"):
        jobs.cancel(row.job_id)
    row.state, row.answer, row.ended_at = "cancelled", command.words, clock.now()
    row.content_enc = row.kept_enc = None
    audit.record(db.session, "statistics.extract_cancelled", row, reason=f"{row.number}: {command.words}")
    db.session.flush()
    return row


def carry_out_weighing(extract_id: UUID, say: Say) -> None:
    """The work of weighing, in a worker: reads and reckons without holding a transaction, writes once at the end."""
    _carry_out(extract_id, "weighing", weighed, say)


def carry_out_making(extract_id: UUID, say: Say) -> None:
    """The work of making, likewise."""
    _carry_out(extract_id, "making", made, say)


def weighed(session: Any, row: StatExtract, say: Say) -> Callable[[StatExtract], None]:
    """Weighs an extract; what comes back writes the answer on its row."""
    chosen = kept.chosen_of(row)
    say(2, "reading")
    held = read(session, [int(year) for year in row.years])
    levels, report = weigh(chosen, held, say)

    def write(at: StatExtract) -> None:
        at.levels, at.report, at.state = levels, report, "weighed" if levels else "impossible"

    return write


def made(session: Any, row: StatExtract, say: Say) -> Callable[[StatExtract], None]:
    """Makes the file at the levels that were weighed, measures its finished bytes; what comes back keeps it sealed on its row.

    Where cases have changed so that these levels no longer keep the rules, it is impossible and must be weighed anew.
    """
    chosen, levels = kept.chosen_of(row), dict(row.levels)
    say(2, "reading")
    held = read(session, [int(year) for year in row.years])
    say(40, "making")
    stays = lattice.keeps(problem_of(chosen, held), shape.node_of(chosen, levels)) if held.cases else None
    if stays is None:
        return lambda at: _impossible(at, [["changed", "", 0, 0]])
    out = files.written(chosen, levels, [case for case, stay in zip(held.cases, stays, strict=True) if stay])
    areas = {code: name for code, name in queries.area_names(session).items() if code in _areas(chosen, levels, held.cases)}
    archive = files.archive(chosen, levels, out.content, areas, facts(row))
    say(70, "measuring")
    limits, content = kept.limits_of(chosen, levels), files.rows_in(archive)
    measured = measure(content, chosen.quasi, chosen.sensitive, limits, out.marks)
    handed = kept.handed_of(chosen, content, out.marks)
    faults = [*measured.faults, *measure_union([*held.earlier, handed], limits)]
    if faults:
        return lambda at: _impossible(at, [list(fault) for fault in faults])
    say(90, "storing")

    def write(at: StatExtract) -> None:
        kept.seal(at, "content_enc", archive)
        kept.keep(at, handed, [case.case_mark for case in out.cases])
        at.measured, at.rows, at.size = measured.plain(), measured.rows, len(archive)
        at.sha256 = hashlib.sha256(archive).hexdigest()
        at.state, at.prepared_at = "prepared", clock.now()
        at.lapses_on = clock.today() + timedelta(days=chosen.kind.preparation_days)

    return write


def facts(row: StatExtract) -> list[str]:
    """The first lines of the file's README, for whoever reads it in either language: numbers, codes and what the maker wrote."""
    return [f"caseapp extract {row.number} · {row.rules} · {', '.join(row.years)}", row.recipient_name, row.purpose]


def _areas(chosen: Chosen, levels: dict[str, int], cases: Any) -> set[str]:
    area = chosen.kind.attribute("area")
    return {area.told(case.values.get("area"), levels["area"]) for case in cases}


def _impossible(row: StatExtract, why: list[list[Any]]) -> None:
    row.state, row.report = "impossible", {**(row.report or {}), "why": why}


def _have_done(kind: str, row: StatExtract, actor: Actor) -> None:
    job = jobs.ask(kind, row.id, row.path, actor, at_once=queue.is_immediate())
    row.job_id = job.id
    db.session.flush()
    if queue.is_immediate():
        reason = f"{kind} {row.number}: a worker's part, done at once"
        with lifted(reason), joined(reason) as session:
            write = (weighed if kind == WEIGH else made)(session, row, lambda _percent, _step: None)
        write(row)
        jobs.ended(job)
        db.session.flush()


def _carry_out(extract_id: UUID, state: str, work: Callable[..., Callable[[StatExtract], None]], say: Say) -> None:
    with system_session(f"statistics extract: {state}") as session:
        row = session.get_one(StatExtract, extract_id)
        if row.state != state:
            raise jobs.Cancelled
        try:
            write = work(session, row, say)
        except jobs.Cancelled:
            _fell(extract_id, state, "cancelled")
            raise
        except Exception:
            _fell(extract_id, state, "failed")
            raise
    with system_session(f"statistics extract: {state}, storing", write=True) as session:
        row = session.get_one(StatExtract, extract_id)
        if row.state != state:
            raise jobs.Cancelled
        write(row)


def _fell(extract_id: UUID, state: str, into: str) -> None:
    with system_session("statistics extract: not done", write=True) as session:
        row = session.get_one(StatExtract, extract_id)
        if row.state == state:
            row.state, row.ended_at = into, clock.now()
