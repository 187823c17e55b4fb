"""Closed cases for an extract, read in a job's system session; and the extracts themselves, for the bureau that makes them."""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, or_, select

from caseapp.access.permissions import Permission
from caseapp.access.policy import require
from caseapp.adapters import keys
from caseapp.core.actor import Actor
from caseapp.core.dates import age_on
from caseapp.core.errors import NotFound
from caseapp.core.paging import Page
from caseapp.extensions import db
from caseapp.models import casework as c
from caseapp.models.casework.case import LIVE
from caseapp.models.organisation import Division
from caseapp.models.statistics import StatExtract, StatExtractFetch
from caseapp.models.trust import Job
from caseapp.queries import paging
from caseapp.queries.statistics.places import places
from caseapp.reference.extracts import HOUSEHOLD
from caseapp.reference.groups import target_groups

DIBAO, DESTITUTE, NEAR = {"SA01"}, {"SA02", "EL01"}, {"SA03", "SA04"}
DISABLED = {"DI01", "DI02", "EL06"}
SPOUSE, SINGLE = ("2",), ("1", "3", "4")  # first digits of GB/T 2261.2
SCHOOL = {
    "8": "primary",
    "9": "primary",
    "7": "secondary",
    "6": "secondary",
    "4": "secondary",
    "3": "college",
    "2": "college",
    "1": "college",
}


@dataclass(frozen=True)
class ClosedCase:
    """One closed case: ids for keyed marks, true values by attribute of the rules. Stays within the job."""

    case_id: UUID
    person: str  # the same for one human at two stations, where the document number says so
    household: str | None
    values: dict[str, Any]
    sensitive: dict[str, Any]


def closed_cases(session: Any, years: Sequence[int]) -> list[ClosedCase]:
    """The cases closed in these years, in order of their ids.

    Left out are cases of a community (nobody's), restricted ones and those that hold something restricted (class P3), and what
    was opened again.
    """
    where, groups = places(session), _groups(session, years)
    documents = _documents(session, years)
    sizes = _household_sizes(session)
    visits = _visits(session, years)
    found = []
    for row in session.execute(_cases(years)):
        place = where.of(row.station_path)
        if place is None:
            continue  # of an organisation that is no station's any more
        client = row.client_id is not None
        held = groups.get(row.client_id, ()) if client else ()
        on = [code for code, from_on, to_on in held if from_on <= row.closed_on and (to_on is None or to_on > row.closed_on)]
        household = row.household_id if not client else row.of_household
        values = {
            "area": place[0][:6],
            "closed": f"{row.closed_on.year}Q{(row.closed_on.month + 2) // 3}",
            "duration": max((row.closed_on - row.opened_on).days, 0) if row.opened_on else None,
            "household": sizes.get(household) if household else None,
            "visits": visits.get(row.id, 0),
            **(_person(row, on, place[0]) if client else dict.fromkeys(OF_PERSON, HOUSEHOLD)),
        }
        human = documents.get(row.client_id) or str(row.client_id) if client else f"household {household}"
        sensitive = {"domain": row.domain, "outcome": row.closing_reason, "risk": row.risk, "satisfaction": _satisfaction(row)}
        found.append(ClosedCase(row.id, human, str(household) if household else None, values, sensitive))
    return found


def area_names(session: Any) -> dict[str, str]:
    """Province, city and county codes as extracts write them (2, 4, 6 digits) → official name."""
    digits = {"province": 2, "city": 4, "county": 6}
    rows = session.execute(select(Division.code, Division.level, Division.name).where(Division.level.in_(digits)))
    return {code[: digits[level]]: name for code, level, name in rows}


def left_out(session: Any, years: Sequence[int]) -> dict[str, int]:
    """How many closed cases of these years no extract takes: of a community, restricted."""
    query = select(func.count()).select_from(c.Case).where(_in_years(years), c.Case.status.not_in((*LIVE, "declined")))
    community = session.scalar(query.where(c.Case.community_code.is_not(None)))
    every = session.scalar(query)
    taken = session.scalar(select(func.count()).select_from(_cases(years).subquery()))
    return {"community": community, "restricted": every - taken - community}


def extracts(actor: Actor, cursor: str | None = None, limit: int = 25) -> Page[StatExtract]:
    """The bureau's extracts, newest first."""
    require(actor, Permission.EXTRACT_MAKE)
    return paging.page(db.session, select(StatExtract), (StatExtract.number, StatExtract.id), cursor, limit, descending=True)


def extract(actor: Actor, extract_id: UUID) -> StatExtract:
    """One extract; NotFound where there is none."""
    require(actor, Permission.EXTRACT_MAKE)
    found = db.session.scalar(select(StatExtract).where(StatExtract.id == extract_id))
    if found is None:
        raise NotFound()
    return found


def fetches(actor: Actor, extract_id: UUID) -> Sequence[StatExtractFetch]:
    """Who fetched its file, newest first."""
    require(actor, Permission.EXTRACT_MAKE)
    query = select(StatExtractFetch).where(StatExtractFetch.extract_id == extract_id)
    return db.session.scalars(query.order_by(StatExtractFetch.at.desc(), StatExtractFetch.id.desc()).limit(100)).all()


OF_PERSON = ("age", "sex", "ethnic", "registration", "income", "disability", "group", "education", "marital")


def _in_years(years: Sequence[int]) -> Any:
    return or_(*(c.Case.closed_on.between(date(year, 1, 1), date(year, 12, 31)) for year in years))


def _over(years: Sequence[int]) -> Any:
    return and_(
        _in_years(years),
        c.Case.status.not_in((*LIVE, "declined")),
        c.Case.community_code.is_(None),
        c.Case.klass != "P3",
        c.Case.holds_restricted.is_(False),
    )


def _cases(years: Sequence[int]) -> Any:
    person = c.Client
    return (
        select(
            c.Case.id, c.Case.station_path, c.Case.client_id, c.Case.household_id, c.Case.domain, c.Case.risk, c.Case.opened_on,
            c.Case.closed_on, c.Case.closing_reason, c.Case.closing_enc, person.sex, person.birth_on, person.birth_precision,
            person.ethnic, person.registered_code, person.benefits, person.disability, person.education, person.marital,
            person.household_id.label("of_household"),
        )
        .outerjoin(person, person.id == c.Case.client_id)
        .where(_over(years), or_(person.id.is_(None), person.klass != "P3"))
        .order_by(c.Case.id)
    )  # fmt: skip


def _person(row: Any, groups: Sequence[str], area: str) -> dict[str, Any]:
    known = row.birth_on is not None and row.birth_precision != "unknown"
    main = next((target_groups()[code].domain for code in groups if code in target_groups()), "none")
    return {
        "age": age_on(row.birth_on, row.closed_on) if known else None,
        "sex": row.sex,
        "ethnic": None if row.ethnic is None else "01" if row.ethnic == "01" else "other",
        "registration": _registration(row.registered_code, area),
        "income": _income(row.benefits or (), set(groups)),
        "disability": "yes" if row.disability or DISABLED & set(groups) else "no",
        "group": main,
        "education": _first(SCHOOL, row.education),
        "marital": _marital(row.marital),
    }


def _registration(code: str | None, area: str) -> str | None:
    if not code:
        return None
    return "own" if code[:6] == area[:6] else "county" if code[:2] == area[:2] else "province"


def _income(benefits: Sequence[str], groups: set[str]) -> str:
    if "tekun" in benefits or groups & DESTITUTE:
        return "tekun"
    if "dibao" in benefits or groups & DIBAO:
        return "dibao"
    return "near" if groups & NEAR else "other"


def _first(table: dict[str, str], code: str | None) -> str | None:
    return None if not code else table.get(code) or table.get(code[0])


def _marital(code: str | None) -> str | None:
    if not code or code[0] not in SPOUSE + SINGLE:
        return None
    return "spouse" if code[0] in SPOUSE else "single"


def _satisfaction(row: Any) -> int | None:
    if row.closing_enc is None:
        return None
    told = json.loads(keys.ring().open(row.closing_enc, keys.bound("case", "closing_enc", row.id)))
    return told.get("satisfaction")


def _groups(session: Any, years: Sequence[int]) -> dict[UUID, list[tuple[str, date, date | None]]]:
    """Confirmed tags of each client with a closed case, the longest held first; none that lives with a restricted case."""
    tag = c.TargetTag
    query = (
        select(tag.client_id, tag.code, tag.from_on, tag.to_on)
        .where(tag.status == "confirmed", tag.case_id.is_(None))
        .where(tag.client_id.in_(select(c.Case.client_id).where(_over(years))))
        .order_by(tag.from_on, tag.code)
    )
    found: dict[UUID, list[tuple[str, date, date | None]]] = defaultdict(list)
    for client_id, code, from_on, to_on in session.execute(query):
        found[client_id].append((code, from_on, to_on))
    return found


def _documents(session: Any, years: Sequence[int]) -> dict[UUID, str]:
    """Client → the keyed digest of the document number, which is the same at every station."""
    paper = c.IdentityDocument
    query = (
        select(paper.client_id, paper.number_index)
        .where(paper.voided_at.is_(None), paper.number_index.is_not(None))
        .where(paper.client_id.in_(select(c.Case.client_id).where(_over(years))))
    )
    found: dict[UUID, str] = {}
    for client_id, index in session.execute(query):
        found[client_id] = min(found.get(client_id, index.hex()), index.hex())
    return found


def _household_sizes(session: Any) -> dict[UUID, int]:
    member = c.HouseholdMember
    query = select(member.household_id, func.count()).where(member.left_on.is_(None), member.deceased.is_(False))
    return dict(session.execute(query.group_by(member.household_id)).all())


def _visits(session: Any, years: Sequence[int]) -> dict[UUID, int]:
    """Case → visits until its closing, each once however many persons it met."""
    part = c.VisitPerson
    query = (
        select(part.case_id, func.count(part.visit_id.distinct()))
        .join(c.Case, c.Case.id == part.case_id)
        .where(_over(years), part.voided.is_(False), part.happened_on <= c.Case.closed_on)
        .group_by(part.case_id)
    )
    return dict(session.execute(query).all())


def job_of(row: StatExtract) -> Job | None:
    """The work behind it, with how far it is."""
    return db.session.get(Job, row.job_id) if row.job_id else None
