"""A province in PostgreSQL, written by the server itself: stations, people on file with tags, a year of visits and services, cases."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from caseapp import domains
from caseapp.cli import indexes
from caseapp.core import clock
from caseapp.models.organisation import Division, Organisation, User

TOWNSHIPS, PERSONS = 16, 400  # stations of a county, people on file at one
TABLES = ("client", "enrolment", "target_tag", "identity_document", "visit", "visit_person", "service_record", '"case"')

# ids are made from numbers, so that rows find each other without a look-up; they ascend like those of real rows (uuid7)
IDS = """CREATE OR REPLACE FUNCTION bench_id(kind text, number bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS
         $$ SELECT (kind || '0000000-0000-7000-8000-' || lpad(to_hex(number), 12, '0'))::uuid $$"""
WRITE = (
    """INSERT INTO client (id, file_id, station_id, station_path, class, file_no, name, name_key, initials, sex, birth_on,
         birth_precision, state, is_unidentified, risk, version, created_at)
       SELECT bench_id('c', i), bench_id('c', i), s.id, s.path, 'P2', 'B-' || i, 'Person ' || i, 'person ' || i, 'p',
         (1 + i / 7 % 2)::text, CAST(:today AS date) - (i * 7919 % 33000)::int, 'day', 'on_file', false, 'green', 1, :at
       FROM generate_series(CAST(1 AS bigint), :clients) i JOIN bench_station s ON s.n = i % :stations""",
    """INSERT INTO enrolment (id, file_id, station_path, class, client_id, organisation_id, from_on, version, created_at)
       SELECT bench_id('e', i), bench_id('c', i), s.path, 'P2', bench_id('c', i), s.id,
         CAST(:today AS date) - (30 + i * 31 % 700)::int, 1, :at
       FROM generate_series(CAST(1 AS bigint), :clients) i JOIN bench_station s ON s.n = i % :stations""",
    """INSERT INTO identity_document (id, file_id, station_path, class, client_id, kind, number_index, created_at)
       SELECT bench_id('d', i), bench_id('c', i), s.path, 'P2', bench_id('c', i), 'resident',
         decode(md5('n' || (i - (i % 50 = 0)::int)), 'hex'), :at
       FROM generate_series(CAST(1 AS bigint), :clients) i JOIN bench_station s ON s.n = i % :stations""",
    """INSERT INTO target_tag (id, file_id, station_path, class, client_id, code, status, from_on, created_at)
       SELECT bench_id('a', i * 2 + k), bench_id('c', i), s.path, 'P2', bench_id('c', i),
         (ARRAY['EL02','EL03','SA01','DI01','EL05','SA03','EL04','CH03'])[1 + (i * 5 + k * 3) % 8], 'confirmed',
         CAST(:today AS date) - 400, :at
       FROM generate_series(CAST(1 AS bigint), :clients) i JOIN bench_station s ON s.n = i % :stations, generate_series(1, 2) k""",
    """INSERT INTO visit (id, file_id, station_path, class, station_id, worker_id, happened_on, minutes, kind, late, version, created_at)
       SELECT bench_id('1', v), bench_id('c', c), s.path, 'P2', s.id, :worker, CAST(:today AS date) - (v % 365)::int, 30,
         (ARRAY['home','home','phone','office'])[1 + v % 4], false, 1, CAST(:today AS date) - (v % 365)::int
       FROM (SELECT v, 1 + v * 7877 % :clients AS c FROM generate_series(CAST(:first AS bigint), :last) v) x
       JOIN bench_station s ON s.n = c % :stations""",
    """INSERT INTO visit_person (id, file_id, station_path, class, visit_id, client_id, happened_on, outcome, voided)
       SELECT bench_id('2', v), bench_id('c', c), s.path, 'P2', bench_id('1', v), bench_id('c', c),
         CAST(:today AS date) - (v % 365)::int, (ARRAY['done','done','done','not_met'])[1 + v / 3 % 4], false
       FROM (SELECT v, 1 + v * 7877 % :clients AS c FROM generate_series(CAST(:first AS bigint), :last) v) x
       JOIN bench_station s ON s.n = c % :stations""",
    """INSERT INTO service_record (id, file_id, station_path, class, station_id, kind, item, catalogue_version, happened_on, minutes,
         worker_id, client_id, visit_id, created_at)
       SELECT bench_id('3', v), bench_id('c', c), s.path, 'P2', s.id, 'visit', (ARRAY['B1.1','B1.2','A2.1','B2.1'])[1 + v % 4],
         '2021.1', CAST(:today AS date) - (v % 365)::int, 30, :worker, bench_id('c', c), bench_id('1', v),
         CAST(:today AS date) - (v % 365)::int
       FROM (SELECT v, 1 + v * 7877 % :clients AS c FROM generate_series(CAST(:first AS bigint), :last) v) x
       JOIN bench_station s ON s.n = c % :stations""",
    """INSERT INTO "case" (id, file_id, station_id, station_path, class, case_no, domain, status, case_type, urgency, client_id,
         worker_id, risk, source, found_on, opened_on, stage_since, reopened, holds_restricted, version, created_at)
       SELECT bench_id('4', i), bench_id('4', i), s.id, s.path, 'P2', 'B-' || i,
         (CAST(:domains AS varchar[]))[1 + i % 4], 'serving', 'formal', 'ordinary', bench_id('c', i * 20),
         :worker, 'green', 'visit', CAST(:today AS date) - (i % 300)::int, CAST(:today AS date) - (i % 300)::int,
         CAST(:today AS date) - (i % 300)::int, 0, false, 1, :at
       FROM generate_series(1, :clients / 20) i JOIN bench_station s ON s.n = i * 20 % :stations""",
)
VISITS = WRITE[4:7]


def stations(clients: int) -> int:
    """How many stations a crowd of that size has: 960 for a province of 385,000, in counties of sixteen."""
    return max(1, round(clients / PERSONS / TOWNSHIPS)) * TOWNSHIPS


def build(session: Session, clients: int, visits: int) -> UUID:
    """Writes the province into an empty database; returns the id of its highest office. Triggers rest meanwhile: nothing is counted yet."""
    session.execute(sa.text("SET LOCAL session_replication_role = replica"))
    session.execute(sa.text(IDS))
    province, worker = _places(session, stations(clients) // TOWNSHIPS)
    made = indexes.aside(session, TABLES)
    given = {
        "clients": clients,
        "stations": stations(clients),
        "today": clock.today(),
        "worker": worker,
        "domains": [domain.code for domain in domains.all()[:4]],
    }
    for statement in WRITE:
        session.execute(sa.text(statement), given | {"at": clock.now() - timedelta(days=1), "first": 1, "last": visits})
    indexes.again(session, made)
    session.commit()
    for table in TABLES:
        session.execute(sa.text(f"ANALYZE {table}"))
    session.commit()
    return province


def a_day(session: Session, clients: int, number: int) -> None:
    """A day's work: so many visits with their service records, at some of the stations; the triggers mark them."""
    worker = session.scalar(sa.select(User.id).limit(1))
    visits = session.scalar(sa.text("SELECT count(*) FROM visit")) or 0
    number_of = stations(clients)
    given: dict[str, Any] = {"clients": clients, "stations": number_of, "today": clock.today(), "worker": worker}
    given["some"] = number_of * 5 // 16  # 300 of 960
    for statement in VISITS:
        some = statement.replace("1 + v * 7877 % :clients", "1 + (v % :some + :stations * (v / :some % 300)) % :clients").replace(
            "v % 365", "v % 2"
        )
        session.execute(sa.text(some), given | {"first": visits + 1, "last": visits + number})
    session.commit()


def _places(session: Session, counties: int) -> tuple[UUID, UUID]:
    at = clock.now()

    def office(kind: str, code: str | None, path: str, above: UUID | None) -> UUID:
        row = Organisation(
            kind=kind, name=path, short_name=path[-30:], path=path, division_code=code, parent_id=above, created_at=at
        )
        row.id = uuid7()
        session.add(row)
        session.flush()
        return row.id

    province = office("province", "990000000000", "/99/", None)
    made: list[dict[str, Any]] = []
    session.add(Division(code="990000000000", name="P", level="province", source="bench"))
    session.flush()
    cities = min(6, counties)
    for city in range(1, cities + 1):
        code = f"99{city:02}"
        session.add(Division(code=f"{code}00000000", name=code, level="city", parent_code="990000000000", source="bench"))
        session.flush()
        above = office("city", f"{code}00000000", f"/99/{code}/", province)
        for county in range(1, len(range(city, counties + 1, cities)) + 1):
            here = f"{code}{county:02}"
            session.add(Division(code=f"{here}000000", name=here, level="county", parent_code=f"{code}00000000", source="bench"))
            session.flush()
            at_county = office("county", f"{here}000000", f"/99/{code}/{here}/", above)
            for town in range(1, TOWNSHIPS + 1):
                place = f"{here}{town:03}"
                session.add(
                    Division(code=f"{place}000", name=place, level="township", parent_code=f"{here}000000", source="bench")
                )
                session.flush()
                path = f"/99/{code}/{here}/{place}/"
                at_town = office("township", f"{place}000", path, at_county)
                made.append({"n": len(made), "id": office("station", f"{place}000", f"{path}s1/", at_town), "path": f"{path}s1/"})
    session.execute(sa.text('CREATE TABLE bench_station (n int, id uuid, path varchar(160) COLLATE "C")'))
    session.execute(sa.text("INSERT INTO bench_station VALUES (:n, :id, :path)"), made)
    worker = User(username="bench", name="Bench", home_path="/99/", created_at=at)
    session.add(worker)
    session.flush()
    return province, worker.id
