"""What stations keep of their own in the demo: partners, surveys, requests in every state, meetings; services without a case."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from caseapp import reference
from caseapp.cli.demo.names import phone
from caseapp.cli.demo.source import Row, at, pool, sealed
from caseapp.models import casework as c
from caseapp.models.details.governance import (
    GovernanceDelivery,
    GovernanceFinding,
    GovernanceMeeting,
    GovernancePartner,
    GovernanceRequest,
    GovernanceSurvey,
)
from caseapp.reference import naming

WORDS = "governance"
STATES = {"open": 3, "handed": 3, "answered": 9, "void": 1}


def paper(filler: Any, day: date, minutes: int, by: UUID, klass: str = "P1") -> Row:
    """Key and place of a station's own row."""
    key = filler.source.key(at(day, minutes))
    return {
        "id": key, "file_id": key, "klass": klass, "station_id": filler.station.id, "station_path": filler.station.path,
        "created_at": at(day, minutes), "created_by_id": by,
    }  # fmt: skip


def partners(filler: Any) -> list[Row]:
    """Four of those the pool knows, one of them no longer worked with."""
    source, found = filler.source, []
    for place, (name, kind, offers) in enumerate(source.sample(pool(WORDS)["partners"], 4)):
        base = paper(filler, filler.station.opened + timedelta(days=9 * place + 5), 600, filler.station.head)
        row = filler.batch.add(GovernancePartner, **base, version=1, name=name, kind=kind, offers=offers, is_active=place < 3)
        found.append(row)
    return found


def surveys(filler: Any) -> list[Row]:
    """Two that are finished and one under way, with findings."""
    source, words, found = filler.source, pool(WORDS), []
    for ago, ended in ((420, True), (150, True), (12, False)):
        begins = max(source.today - timedelta(days=ago + source.between(0, 20)), filler.station.opened)
        village = source.pick(filler.station.villages) if not ended or source.hit(0.5) else None
        worker, sample = source.pick(filler.station.workers), source.between(40, 160)
        base = paper(filler, begins, 620, worker)
        row = filler.batch.add(
            GovernanceSurvey, **base, version=1, title=(naming.spoken(village[1]) if village else "") + source.pick(words["survey"]),
            division_code=village[0] if village else None, from_on=begins, to_on=min(begins + timedelta(days=24), source.today) if ended else None,
            methods=sorted(source.sample(("home_visits", "questionnaire", "talks", "walks", "papers"), source.between(2, 3))),
            sample=sample if ended else None, population=sample * source.between(4, 12) if ended else None, worker_id=worker,
            report_enc=sealed("governance_survey", "report_enc", base["id"], words["report"]) if ended else None,
        )  # fmt: skip
        found.append(row)
        for place, (need, item, urgency) in enumerate(source.sample(words["findings"], 4 if ended else 1), 1):
            filler.batch.add(
                GovernanceFinding, id=source.key(at(begins, 621)), survey_id=row["id"], position=place, need=need, item=item,
                said=source.between(sample // 10, sample * 3 // 4) if ended else None, urgency=urgency,
                station_path=row["station_path"], klass="P1", file_id=row["id"],
            )  # fmt: skip
        filler.trail.done(worker, at(begins, 622), begins, "governance.survey_begun", [row["id"]])
    return found


def requests(filler: Any) -> None:
    """Some in every state; a few late, and at the rich station one that is late for `worker`."""
    days = sorted(filler.source.between(1, 300) for _n in range(filler.source.between(7, 13)))
    states = [filler.source.weighted(STATES) if ago < 45 else "answered" for ago in days]
    if filler.rich:
        days, states = [*days, 19, 6, 3], [*states, "open", "handed", "open"]
    for ago, state in sorted(zip(days, states, strict=True), reverse=True):
        _request(
            filler,
            max(filler.source.today - timedelta(days=ago), filler.station.opened),
            state,
            mine=filler.rich and ago in (3, 6, 19),
        )


def _request(filler: Any, asked: date, state: str, *, mine: bool) -> None:
    source, words, today = filler.source, pool(WORDS), filler.source.today
    what, matter = source.pick(words["asks"])
    worker = filler.station.workers[0] if mine else source.pick(filler.station.workers)
    base = paper(filler, asked, 700 + source.between(0, 90), worker, "P2")
    table, key = "governance_request", base["id"]
    row = filler.batch.add(
        GovernanceRequest, **base, version=1, number=filler.registry.number("RQ", asked), state=state, asked_on=asked,
        channel=source.pick(("at_station", "visit", "phone", "village", "meeting")), matters=[matter], division_code=source.pick(filler.station.villages)[0],
        contact_enc=sealed(table, "contact_enc", key, phone(source)) if source.hit(0.7) else None, what_enc=sealed(table, "what_enc", key, what),
        due_on=asked + timedelta(days=15), worker_id=worker,
    )  # fmt: skip
    filler.trail.done(worker, at(asked, 801), asked, "governance.request_made", [key])
    if state == "handed" or (state == "answered" and source.hit(0.4)):
        row["handed_to"], row["handed_on"] = (
            source.pick(("village", "township", "bureau", "property")),
            min(asked + timedelta(days=1), today),
        )
        row["handed_note_enc"] = sealed(table, "handed_note_enc", key, source.pick(words["handed_note"]))
    if state == "answered":
        row["answered_on"] = min(asked + timedelta(days=source.between(2, 18)), today)
        row["answered_how"], row["outcome"] = (
            source.pick(("talk", "phone", "notice")),
            source.pick(("solved", "solved", "partly", "explained")),
        )
        row["satisfied"] = source.pick(("yes", "yes", "partly", "no", None))
        row["answer_enc"] = sealed(table, "answer_enc", key, source.pick(words["answers"]))
    if state == "void":
        row["voided_at"], row["void_reason"] = at(min(asked + timedelta(days=1), today), 560), words["void_reason"]


def meetings(filler: Any) -> None:
    """Three of the last year, the latest still to be followed up; and services of the station without any case."""
    source, words, today = filler.source, pool(WORDS), filler.source.today
    for ago, (subject, matter, decided) in zip((210, 70, 9), source.sample(words["meetings"], 3), strict=True):
        day, worker = max(today - timedelta(days=ago), filler.station.opened), source.pick(filler.station.workers)
        base = paper(filler, day, 930, worker)
        follow, key = day + timedelta(days=source.between(5, 20)), base["id"]
        row = filler.batch.add(
            GovernanceMeeting, **base, version=1, happened_on=day, division_code=source.pick(filler.station.villages)[0], place=source.pick(words["place"]),
            called_by=source.pick(("committee", "station", "party_branch", "residents")), present=source.between(12, 46), matters=[matter], subject=subject,
            decided_enc=sealed("governance_meeting", "decided_enc", key, decided), follow_up_on=follow, worker_id=worker,
        )  # fmt: skip
        if follow < today and ago > 9:
            row["followed_on"], row["followed_enc"] = (
                follow,
                sealed("governance_meeting", "followed_enc", key, source.pick(words["followed"])),
            )
        filler.trail.done(worker, at(day, 931), day, "governance.meeting_recorded", [key])
    for _n in range(4):
        day = max(today - timedelta(days=source.between(2, 240)), filler.station.opened)
        delivery(filler, day, source.pick(filler.station.workers), source.pick(("D1.1", "D1.2", "D2.2", "D2.3")), [])


def delivery(filler: Any, day: date, worker: UUID, item: str, partner_ids: list[str], case: Row | None = None) -> int:
    """A service with its head count and who took part; returns the head count."""
    source, words = filler.source, pool(WORDS)
    base, heads = paper(filler, day, 900 + source.between(0, 60), worker), source.between(12, 48)
    volunteers = source.between(0, 6)
    place = {"station_path": base["station_path"], "klass": "P1", "file_id": case["id"] if case else base["id"]}
    filler.batch.add(
        c.ServiceRecord, id=base["id"], station_id=filler.station.id, kind="case" if case else "station", item=item,
        catalogue_version=reference.catalogue(on=day).version, happened_on=day, minutes=source.pick((60, 90, 120)), head_count=heads,
        worker_id=worker, case_id=case["id"] if case else None, note_enc=sealed("service_record", "note_enc", base["id"], source.pick(words["delivery"])),
        created_at=base["created_at"], created_by_id=worker, **place,
    )  # fmt: skip
    parties = {"worker", "community"} | ({"volunteers"} if volunteers else set()) | ({"organisation"} if partner_ids else set())
    filler.batch.add(
        GovernanceDelivery, id=source.key(at(day, 961)), record_id=base["id"], place=source.pick(words["place"]), persons=heads - source.between(0, heads // 4),
        parties=sorted(parties), partner_ids=partner_ids, volunteers=volunteers or None, volunteer_hours=volunteers * 2 or None, **place,
    )  # fmt: skip
    return heads
