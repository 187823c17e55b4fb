"""The figures of a release before anybody has decided on them: facts, publication areas, protection, gate. Writes nothing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import func, select

from caseapp.adapters import keys
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import Conflict, Forbidden
from caseapp.core.periods import Period
from caseapp.core.text import _l
from caseapp.models.organisation import Organisation
from caseapp.models.statistics import StatRelease
from caseapp.queries.statistics.places import places
from caseapp.reference.statistics import LEVELS, Catalogue, newest, versions
from caseapp.services.statistics import areas as publication
from caseapp.services.statistics import history
from caseapp.services.statistics.cells import HIDDEN, Fact, Published, publish
from caseapp.services.statistics.family import relatives
from caseapp.services.statistics.gate import Effort
from caseapp.services.statistics.protection import Asked
from caseapp.services.statistics.release import correct, examine
from caseapp.services.statistics.release.chain import Row
from caseapp.services.statistics.release.facts import facts_of

THOROUGH = Effort()
Say = Callable[[int, str], None]  # per cent and the step that begins


@dataclass(frozen=True)
class Made:
    """What would be published: protected cells, what proves and what measures their protection."""

    catalogue_version: str
    cut_off: date
    facts_mark: str
    past_head: str
    params: dict[str, Any]
    areas: list[dict[str, Any]]
    rows: list[Row] = field(repr=False)
    report: dict[str, Any] = field(repr=False)
    gate: dict[str, Any] = field(repr=False)
    certificate: bytes = field(repr=False)


def make(session: Any, period: Period, say: Say, effort: Effort = THOROUGH, corrects: StatRelease | None = None) -> Made:
    """The protected cells of a quarter or a month, as its facts now are. `session` has no row rules and is only read.

    With `corrects` those of a correction of that release, whose facts `correct.lay` has laid down. Raises Conflict for a quarter that is not over or not counted after its end.
    """
    require_over(period)
    say(5, "facts")
    full = _catalogue(session, period, corrects)
    catalogue = full.issue(str(period))
    number = corrects.edition + 1 if corrects else 0
    nodes = places(session).nodes
    facts, cut_off, facts_mark = facts_of(session, period, number)
    newest_release = last(session)
    say(15, "areas")
    if corrects:
        published_areas, cut_off = publication.read(corrects.areas), corrects.cut_off_on
    else:
        held = publication.read(areas_of_the_year(session, period))
        published_areas = publication.areas(nodes, on_file(facts, str(period)), catalogue.area_minimum, held)
    say(20, "protection")
    contractors, (before, stocks) = history.contractors(session), history.stocks(session, period)
    beside = history.beside(session, full, period)
    asked = Asked(
        contractors=contractors,
        secret=_secret(period),
        before=before,
        beside=beside,
        say=lambda share: say(20 + int(50 * share), "protection"),
        shut=history.hidden_stocks(session, catalogue, before),
    )
    if corrects:
        asked = correct.asked(session, corrects, contractors, asked)
    chains = publication.cover(published_areas, nodes)
    made = publish(catalogue, str(period), published_areas, chains, [*facts, *stocks], asked)
    say(70, "gate")
    draft = examine.draft(str(period), catalogue.version, [area.plain() for area in published_areas], cut_off)
    gate = examine.examined(session, draft, made.cells, facts, nodes, contractors, beside, effort)
    say(95, "storing")
    return Made(
        catalogue_version=catalogue.version,
        cut_off=cut_off,
        facts_mark=facts_mark,
        past_head=(newest_release.head or "") if newest_release else "",
        params={
            "threshold": catalogue.threshold,
            "contributors": catalogue.contributors,
            "area_minimum": catalogue.area_minimum,
            **({"edition": number} if number else {}),
        },
        areas=[area.plain() for area in published_areas],
        rows=[(cell.table.code, cell.area.code, cell.dims_key, cell.shown) for cell in made.cells],
        report=loss(made.cells),
        gate=gate,
        certificate=made.certificate,
    )


def _secret(period: Period) -> bytes:
    """What decides between cells that would do as well as each other: the same again for us, not to be guessed by others."""
    return keys.ring().index("statistics protection", str(period))


def _catalogue(session: Any, period: Period, corrects: StatRelease | None) -> Catalogue:
    """The newest version; of a correction, and beside what is out of the same quarter, the one that was used there."""
    if corrects:
        return versions()[corrects.catalogue_version]
    told = select(StatRelease.catalogue_version).where(StatRelease.period.in_(relatives(period, history.released(session))))
    used = session.scalar(told.order_by(StatRelease.number.desc()).limit(1))
    return versions()[used] if used else newest()


def require_over(period: Period) -> None:
    """Refuses a period that goes on."""
    if period.last_day >= clock.today():
        raise Conflict(_l("This period is not over yet."), "period")


def require_highest(session: Any, actor: Actor) -> None:
    """Refuses everybody but the highest bureau of the deployment."""
    highest = session.scalar(
        select(Organisation.id).where(Organisation.kind.in_(LEVELS)).order_by(func.length(Organisation.path)).limit(1)
    )
    if actor.organisation_id != highest:
        raise Forbidden(_l("A release is made by the highest bureau of this installation."))


def last(session: Any) -> StatRelease | None:
    """The newest release, whose head the next one goes on from."""
    found: StatRelease | None = session.scalar(select(StatRelease).order_by(StatRelease.number.desc()).limit(1))
    return found


def in_force(session: Any, period: str) -> StatRelease | None:
    """The release of a period that no correction has superseded."""
    query = select(StatRelease).where(StatRelease.period == period).order_by(StatRelease.number.desc()).limit(1)
    found: StatRelease | None = session.scalar(query)
    return found


def areas_of_the_year(session: Any, period: Period) -> list[dict[str, Any]]:
    """The publication areas that were fixed with the first release of the year."""
    query = select(StatRelease.areas).where(StatRelease.period.startswith(str(period.year))).order_by(StatRelease.number.desc())
    return session.scalar(query.limit(1)) or []


def on_file(facts: Sequence[Fact], period: str) -> dict[str, int]:
    """Township → persons on file in the period."""
    found: dict[str, int] = {}
    for fact in facts:
        if (fact.measure, fact.period, fact.key) == ("on_file", period, ""):
            found[fact.area] = found.get(fact.area, 0) + fact.value
    return found


def loss(cells: Sequence[Published]) -> dict[str, Any]:
    """Per table: how many cells there are, how many of them are not shown, and in what share of the areas."""
    found: dict[str, Any] = {}
    for cell in cells:
        table = found.setdefault(cell.table.code, {"cells": 0, "hidden": 0, "areas": set(), "touched": set()})
        table["cells"] += 1
        table["areas"].add(cell.area.code)
        if cell.shown == HIDDEN:
            table["hidden"] += 1
            table["touched"].add(cell.area.code)
    return {code: {**table, "areas": len(table["areas"]), "touched": len(table["touched"])} for code, table in found.items()}
