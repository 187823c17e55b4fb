"""What facts on file ask for by a day in the work with children: open reports, birthdays that change duties, re-assessment."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, or_, select

from caseapp import reference
from caseapp.core import clock, dates
from caseapp.extensions import db
from caseapp.models.casework import Assessment, Case, Client, Consent, TargetTag
from caseapp.models.casework.case import LIVE
from caseapp.models.details.children import ChildrenReport
from caseapp.queries.casework.duties import Duty, Whose, ended
from caseapp.queries.organisation import settings

CODE = "children"
INSTRUMENT = "child_guardianship"
BIRTHDAYS = {
    "own_consent": "client.guardian_consent_age",
    "not_left_behind": "client.left_behind_age",
    "came_of_age": "client.minor_age",
}


def duties(whose: Whose) -> list[Duty]:
    """Every duty that falls due until a day: three statements where nothing is asked for."""
    if whose.client is not None and whose.client.klass != "minor":
        return []
    return [*_reports(whose), *_birthdays(whose), *_reassessments(whose)]


def _reports(whose: Whose) -> Iterator[Duty]:
    """Of each open report what comes next, for its author and whoever is responsible for its case."""
    query = (
        select(ChildrenReport, Client, Case.worker_id)
        .join(Client, Client.id == ChildrenReport.client_id)
        .outerjoin(Case, Case.id == ChildrenReport.case_id)
        .where(ChildrenReport.state == "open", *_which(whose, ChildrenReport.client_id, ChildrenReport.case_id))
        .order_by(ChildrenReport.found_at, ChildrenReport.id)
        .limit(200)
    )
    kept: dict[str, settings.At] = {}
    for report, client, worker_id in db.session.execute(query):
        if report.station_path not in kept:
            kept[report.station_path] = settings.At(report.station_path)
        at = kept[report.station_path]
        mine = whose.is_of(report.author_id, worker_id)
        for kind, day in asked(report, at):
            if day <= whose.until and (mine or (whose.late_of_all and day < clock.today())):
                yield Duty(kind, day, client.name, client.id, f"{CODE}.report", {"report_id": report.id}, CODE)


def asked(report: ChildrenReport, at: Any) -> Iterator[tuple[str, date]]:
    """What an open report asks for and by when: telling at once, answers, then its end."""
    answered = []
    for side in ("police", "civil"):
        told_on, answered_on = getattr(report, f"{side}_told_on"), getattr(report, f"{side}_answered_on")
        if told_on is None:
            yield f"tell_{side}", clock.local(report.found_at).date()
        elif answered_on is None:
            yield f"answer_{side}", told_on + timedelta(days=at[f"{CODE}.{side}_answer_days"])
        else:
            answered.append(answered_on)
    if len(answered) == 2:
        yield "close_report", max(answered) + timedelta(days=at[f"{CODE}.close_report_days"])


def _birthdays(whose: Whose) -> Iterator[Duty]:
    """14: own consent. 16: no longer left behind. 18: the file of an adult. Each until the file says that it is done."""
    if whose.case is not None:
        return
    # of each child by itself: lists of all consents and tags would be made of the whole station's
    held = select(Consent.id).where(Consent.client_id == Client.id, Consent.basis == "consent", Consent.withdrawn_on.is_(None))
    tags = select(TargetTag.id).where(
        TargetTag.client_id == Client.id,
        TargetTag.code.in_(_young_groups()),
        TargetTag.status != "cancelled",
        or_(TargetTag.to_on.is_(None), TargetTag.to_on > clock.today()),
    )
    asks = {
        "own_consent": held.where(Consent.signer == "guardian").exists() & ~held.where(Consent.signer == "self").exists(),
        "not_left_behind": tags.exists(),
    }
    youngest = dates.birthday(whose.until, -min(_age(kind) for kind in BIRTHDAYS))
    query = select(Client, *(condition.label(kind) for kind, condition in asks.items())).where(
        Client.state == "on_file", Client.klass == "minor", Client.birth_on <= youngest, *_of_client(whose)
    )
    found = db.session.execute(query.order_by(Client.birth_on, Client.id).limit(500)).all()
    done = ended(BIRTHDAYS, [row.Client.id for row in found])
    for row in found:
        for kind in BIRTHDAYS:
            day = _turns(row.Client, _age(kind))
            if day <= whose.until and getattr(row, kind, True) and done.get((row.Client.id, kind), date.min) < day:
                yield Duty(
                    kind, day, row.Client.name, row.Client.id, *_door(kind, row.Client), None, ending=kind != "came_of_age"
                )


def _door(kind: str, client: Client) -> tuple[str, dict[str, Any]]:
    """The page where it is done."""
    endpoint = {"own_consent": "clients.new_consent", "came_of_age": "clients.of_age"}.get(kind, "clients.show")
    return endpoint, {"client_id": client.id}


def _age(kind: str) -> int:
    return int(reference.default(BIRTHDAYS[kind]))


def _young_groups() -> list[str]:
    limit = reference.default("client.left_behind_age")
    return [code for code, group in reference.target_groups().items() if group.domain == CODE and group.age_below == limit]


def _turns(client: Client, age: int) -> date:
    """The day by which somebody has surely turned that age, where the birth is known to the month or year only."""
    born: date = client.birth_on  # type: ignore[assignment]  # asked for in the statement
    if client.birth_precision == "month":
        born = born.replace(day=monthrange(born.year, born.month)[1])
    elif client.birth_precision != "day":
        born = born.replace(month=12, day=31)
    return dates.birthday(born, age)


def _reassessments(whose: Whose) -> Iterator[Duty]:
    """The last guardianship assessment of each open case, where it is to be made again."""
    number = func.row_number().over(
        partition_by=Assessment.client_id, order_by=[Assessment.assessed_on.desc(), Assessment.id.desc()]
    )
    counting = select(Assessment.case_id, Assessment.due_on, number.label("number")).where(
        Assessment.instrument == INSTRUMENT, Assessment.level.is_not(None), Assessment.voided_at.is_(None)
    )
    last = counting.where(*_which(whose, Assessment.client_id, Assessment.case_id)).subquery()
    query = (
        select(last.c.due_on, Case, Client)
        .join(Case, Case.id == last.c.case_id)
        .join(Client, Client.id == Case.client_id)
        .where(last.c.number == 1, last.c.due_on <= whose.until, Case.status.in_(LIVE), Case.domain == CODE)
    )
    if whose.workers is not None and not whose.late_of_all:
        query = query.where(Case.worker_id.in_(whose.workers))
    for day, case, client in db.session.execute(query.order_by(last.c.due_on, Case.id).limit(100)):
        if whose.is_of(case.worker_id) or day < clock.today():
            values = {"case_id": case.id, "instrument": INSTRUMENT}
            yield Duty("child_reassess", day, client.name, client.id, f"{CODE}.assess", values, CODE)


def _which(whose: Whose, client_id: Any, case_id: Any) -> list[Any]:
    if whose.case is not None:
        return [case_id == whose.case.id]
    return [client_id == whose.client.id] if whose.client is not None else []


def _of_client(whose: Whose) -> list[Any]:
    found = [Client.id == whose.client.id] if whose.client is not None else []
    return [*found, Client.worker_id.in_(whose.workers)] if whose.workers is not None else found
