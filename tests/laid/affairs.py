"""Social affairs: a case of disability in every stage, and one of each other matter, with an entry and a talk about a funeral."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from caseapp.core import clock
from caseapp.models import casework as c
from caseapp.models.details import affairs as m
from tests import rows
from tests.cast import Cast
from tests.laid import own
from tests.laid.added import added

MATTERS = {  # which case a page is for, where not that of disability; class P3 by its nature
    "family": ("family", "MF01", ("family", "violence_found", "safe_contact")),
    "vagrant": ("vagrant", "VB01", ("vagrant", "new_place", "identify", "void_entry")),
    "psychiatric": ("psychiatric", "MD01", ("psychiatric", "new_rehab_step", "new_finding", "reveal_guardian", "matter")),
    "violence": ("family", "MF04", ("violence", "safety_plan", "new_path", "police_report")),
}
CLOSED = ("psychiatric", "violence")


def lay(session: Session, cast: Cast, place: str, of: c.Client, stages: tuple[str, ...]) -> own.Own:
    """Cases about the person."""
    found = own.lay(session, cast, of, "affairs", lambda: _detail("disability", "DI01"), "barthel", stages)
    station = next(name for name, path in cast.paths.items() if path == of.station_path)
    facts = {"worker_id": of.worker_id, "klass": of.klass, "is_unidentified": True}
    held, nameless = {}, rows.client(session, cast, station, f"{place} nameless", **facts)
    for name, (matter, kind, actions) in MATTERS.items():
        klass = "P3" if name in CLOSED else of.klass
        held[name] = own.opened(session, nameless if name == "vagrant" else of, "affairs", _detail(matter, kind), klass=klass)
        found.apart |= dict.fromkeys(actions, held[name].id)
    found.closed = frozenset(action for name in CLOSED for action in MATTERS[name][2])
    _guardian(session, held["psychiatric"])
    found.ids |= {"entry_id": _place(session, held["vagrant"]), "advice_id": _advice(session, of)}
    return found


def _detail(matter: str, kind: str) -> m.AffairsDetail:
    detail = m.AffairsDetail(matter=matter, kind=kind)
    detail.needs = "Somebody to ask"
    return detail


def _guardian(session: Session, case: c.Case) -> None:
    row = m.PsychiatricMatter(case_id=case.id, way_in="self", created_at=clock.now())
    row.guardian, row.guardian_phone = "Sister", "13900001111"
    added(session, row, case)


def _place(session: Session, case: c.Case) -> UUID:
    row = m.VagrantPlace(case_id=case.id, found_on=clock.today() - timedelta(days=3), created_at=clock.now())
    row.place = "At the bus station"
    return added(session, row, case)


def _advice(session: Session, person: c.Client) -> UUID:
    """A talk with the person, and the service record that counts it."""
    yesterday = clock.today() - timedelta(days=1)
    shared = {"station_id": person.station_id, "client_id": person.id, "worker_id": person.worker_id}
    record = c.ServiceRecord(kind="consultation", item="E2.1", catalogue_version="2021.1", happened_on=yesterday, **shared)
    record.created_at = clock.now()
    added(session, record, person)
    talk = m.FuneralAdvice(record_id=record.id, kind="FN01", happened_on=yesterday, subsidies=[], **shared)
    talk.created_at, talk.created_by_id = clock.now(), person.worker_id
    return added(session, talk, person)
