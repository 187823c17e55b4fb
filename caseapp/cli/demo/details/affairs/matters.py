"""The ordinary matters in the demo: marriage and family, funerals, disability, vagrants."""

from datetime import date, timedelta
from typing import Any

from caseapp import reference
from caseapp.adapters import keys
from caseapp.cli.demo.details.affairs.entries import entry, is_live, promise
from caseapp.cli.demo.source import Row, at, sealed
from caseapp.core import dates
from caseapp.models import casework as c
from caseapp.models.details import affairs as m
from caseapp.queries.casework.clients import indexes
from caseapp.queries.details.affairs.clocks import CoolingOff
from caseapp.reference import default

TOPICS = {
    "af_wedding": ("money", "customs", "elders"),
    "af_quarrel": ("communication", "upbringing", "money"),
    "af_parenting": ("upbringing", "communication"),
}


def family(cases: Any, case: Row, person: Any, wish: Any, _assessed: date | None, words: Any) -> None:
    """Topics and wishes; a quarrel has often gone to the registry."""
    source, day = cases.source, wish.dates["assessing"]
    applied = (
        min(day + timedelta(days=source.between(0, 4)), source.today) if person.kind == "af_quarrel" and source.hit(0.6) else None
    )
    state: Row = {"applied_on": applied, "cooling_state": "running" if applied else None}
    if applied is not None:
        term = CoolingOff(applied, default("affairs.cooling_off_days"), default("affairs.certificate_days"))
        if term.collect_until < source.today:
            state |= {"cooling_state": "withdrawn", "cooling_ended_on": applied + timedelta(days=source.between(8, 25))}
        elif is_live(wish) and term.cools_until >= source.today:
            promise(cases, case, "cooling_off", day, term.cools_until)
    entry(
        cases, case, m.FamilyMatter, day, version=1, topics=list(TOPICS[person.kind]), children_under_18=person.kind != "af_wedding",
        texts={"situation": source.pick(words["situation"]), "wishes": source.pick(words["wishes"])}, **state,
    )  # fmt: skip


def funeral(cases: Any, case: Row, person: Any, wish: Any, _assessed: date | None, words: Any) -> None:
    """A talk with its record."""
    source, day = cases.source, wish.dates["assessing"]
    record = source.key(at(day, 655))
    cases.batch.add(
        c.ServiceRecord, id=record, station_id=case["station_id"], kind="consultation", item="E2.3", catalogue_version=reference.catalogue().version,
        happened_on=day, minutes=30, worker_id=person.worker, client_id=person.id, case_id=case["id"], topic="funeral", channel="office",
        **cases.stamp(case, day, 655),
    )  # fmt: skip
    grief = day + timedelta(days=default("affairs.grief_days"))
    entry(
        cases, case, m.FuneralAdvice, day, station_id=case["station_id"], client_id=person.id, record_id=record, kind="FN03", happened_on=day,
        worker_id=person.worker, relation="spouse", subsidies=["insurance"], grief_on=grief, texts={"note": source.pick(words["talk"])},
    )  # fmt: skip
    if is_live(wish) and grief >= source.today - timedelta(days=6):
        promise(cases, case, "grief", day, grief)


def disability(cases: Any, case: Row, person: Any, wish: Any, assessed: date | None, _words: Any) -> None:
    """Card, subsidies, and once they were asked the needs."""
    source, day, row = cases.source, wish.dates["assessing"], person.row
    severe = row["disability_grade"] == "2"
    entry(
        cases, case, m.DisabilityMatter, day, version=1, kinds=[row["disability"]], grade=row["disability_grade"],
        living_subsidy=source.pick(("applied", "none")), care_subsidy="granted" if severe else "none",
        care_since=date(source.today.year - 1, 1, 1) if severe else None,
    )  # fmt: skip
    if severe:
        row["benefits"] = [*(row["benefits"] or ()), "disability_care"]
        person.tags["DI02"] = day
        cases.batch.add(
            c.TargetTag, id=source.key(at(day, 662)), client_id=person.id, code="DI02", status="confirmed", from_on=day, verified_on=day,
            station_path=case["station_path"], klass=row["klass"], file_id=person.id, created_at=at(day, 662), created_by_id=person.worker,
        )  # fmt: skip
    _card(cases, person, day)
    if assessed is None:
        return
    next_on = dates.add_months(assessed, default("affairs.disability_look_months"))
    look = entry(cases, case, m.NeedsLook, assessed, looked_on=assessed, next_on=next_on)
    wanted = set(source.sample(["rehab_device", "access", "work", "rehab_training", "culture", "insurance"], 3))
    for position, kind in enumerate(code.code for code in reference.codes("affairs_need")):
        need: Row = {"wanted": kind in wanted}
        if kind in wanted:
            met = source.pick(("nobody", "federation", "family", "station"))
            since = None if met == "nobody" else assessed - timedelta(days=source.between(20, 400))
            need |= {"urgency": source.pick(("now", "soon", "later")), "met_by": met, "since_on": since}
        cases.batch.add(
            m.DisabilityNeed, id=source.key(at(assessed, 661)), look_id=look["id"], position=position, kind=kind,
            station_path=case["station_path"], klass=case["klass"], file_id=case["id"], **need,
        )  # fmt: skip
    if is_live(wish):
        promise(cases, case, "disability_look", assessed, next_on)


def _card(cases: Any, person: Any, day: date) -> None:
    """The card of somebody whose identity number is on file."""
    paper = next((row for row in reversed(cases.batch.rows[c.IdentityDocument]) if row["client_id"] == person.id), None)
    if paper is None:
        return
    bound = keys.bound("identity_document", "number_enc", paper["id"])
    number = f"{keys.ring().open(paper['number_enc'], bound).decode()}{person.row['disability']}{person.row['disability_grade']}"
    key = cases.source.key(at(day, 663))
    cases.batch.add(
        c.IdentityDocument, id=key, client_id=person.id, kind="DISABLED", number_index=indexes.document_index("DISABLED", number),
        number_enc=sealed("identity_document", "number_enc", key, number), valid_to=date(cases.source.today.year + 6, 6, 30),
        station_path=person.row["station_path"], klass=person.row["klass"], file_id=person.id, created_at=at(day, 663),
        created_by_id=person.worker,
    )  # fmt: skip


def vagrant(cases: Any, case: Row, person: Any, wish: Any, _assessed: date | None, words: Any) -> None:
    """Help, places, and for most the way home."""
    source, day = cases.source, wish.dates["assessing"]
    home = person.kind == "af_wanderer"
    back = min(day + timedelta(days=2), source.today) if home else None
    entry(
        cases, case, m.VagrantMatter, day, version=1, helps=["food", "clothes", "family" if home else "identity"], told_free=True,
        photo="refused" if home else "not_asked", help_until=day + timedelta(days=10), left_on=back, left_how="fetched" if home else None,
        returned_on=back, texts={"home": source.pick(words["home"]), "danger": source.pick(words["danger"])},
    )  # fmt: skip
    if back is not None:  # the follow-up of somebody home again runs from that day
        person.tags["VB02"] = back
        for tag in cases.batch.rows[c.TargetTag]:
            if tag["client_id"] == person.id and tag["code"] == "VB02":
                tag["from_on"] = back
    entry(cases, case, m.VagrantPlace, day, found_on=case["found_on"], texts={"place": source.pick(words["place"])})
    if not home and is_live(wish):
        promise(cases, case, "identity", day, day + timedelta(days=default("affairs.identity_days")))


def without_papers(cases: Any, case: Row, person: Any) -> None:
    """Somebody whose name nobody knows yet: a makeshift name by place and day, features, no document, no phone, an estimated birth."""
    words, row, day = cases.words(case, person.kind), person.row, person.since
    name = f"{words['name']}-{cases.station.code[:9]}-{day:%Y%m%d}-1"
    sort, initials = cases.registry.namer.keys(name)
    row |= {
        "name": name, "name_key": sort, "initials": initials, "is_unidentified": True, "no_document_reason": "vagrant",
        "birth_on": row["birth_on"].replace(month=1, day=1), "birth_precision": "estimate",
        "features_enc": sealed("client", "features_enc", person.id, cases.source.pick(words["features"])),
    }  # fmt: skip
    for model in (c.IdentityDocument, c.Contact):
        cases.batch.rows[model] = [kept for kept in cases.batch.rows[model] if kept["client_id"] != person.id]
