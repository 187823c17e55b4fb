"""Cases about communities in the demo, at every stage, most of them with a project, its steps and what was delivered."""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

from caseapp import domains
from caseapp.cli.demo.cases import STATUSES, Defaults, draw
from caseapp.cli.demo.details.governance import papers
from caseapp.cli.demo.source import Row, at, sealed
from caseapp.models import casework as c
from caseapp.models.details.governance import GovernanceDetail, GovernanceProject
from caseapp.reference import naming
from caseapp.services.casework.cases.next_step import Stand, next_step

CODE = "governance"
RICH = ("intake", "assessing", "planning", "serving", "serving", "evaluating", "closing", "closed", "archived")


def fill(filler: Any, partners: list[Row], surveys: list[Row]) -> None:
    """Two to four communities of a station, at the rich one of every stage."""
    source = filler.source
    wanted = RICH if filler.rich else [source.weighted(STATUSES) for _n in range(source.between(2, 4))]
    places = source.sample(
        [(village, hood) for village in filler.station.villages for hood in papers.pool(CODE)["hood"]], len(wanted)
    )
    for status, (village, hood) in zip(wanted, places, strict=True):
        _community(filler, status, village, hood, partners, surveys)


def _community(filler: Any, status: str, village: tuple[str, str], hood: str, partners: list[Row], surveys: list[Row]) -> None:
    source, cases = filler.source, filler.cases
    story, words = _story(), _story_words()
    wish, worker = draw(source, status), filler.station.workers[0] if filler.rich else source.pick(filler.station.workers)
    found, key = wish.found, source.key(at(wish.found, 600))
    who = SimpleNamespace(worker=worker, kind="community", row={"klass": "P1"}, case=None, plan_days=None, review_on=None)
    case: Row = filler.batch.add(
        c.Case, id=key, file_id=key, station_id=filler.station.id, station_path=filler.station.path, klass="P1",
        case_no=filler.registry.number(domains.get(CODE).number, found), domain=CODE, status=wish.status, case_type="formal", urgency="ordinary",
        holds_restricted=False, community_code=village[0], community_name=f"{naming.spoken(village[1])}{hood}", worker_id=worker, risk=source.pick(("green", "green", "blue")),
        risk_reason=source.pick(words["needs"])[:40], source=source.pick(("visit", "village", "township")), found_on=found,
        request_enc=sealed("case", "request_enc", key, source.pick(words["request"])), opened_on=wish.dates.get("assessing"),
        stage_since=wish.dates[wish.status], closed_on=wish.dates.get("closed"), reopened=0, created_at=at(found, 600), created_by_id=worker, version=1,
        declined_reason="advice_enough" if wish.status == "declined" else None,
    )  # fmt: skip
    cases._road(case, wish, who)
    cases._team(case, who, wish.dates.get("closed"))
    filler.trail.done(worker, at(found, 641), found, "case.opened", [key])
    if "assessing" in wish.dates:
        _detail(filler, case, words)
    if "planning" in wish.dates:
        plan = cases.papers.plan(case, who, wish, story)
        who.review_on = plan["review_on"]
        _project(filler, case, wish, partners, surveys)
        if "closing" in wish.dates:
            cases.papers.closing(case, who, wish, plan, story)
    case["next_step"], case["next_step_on"] = next_step(_stand(case, wish, who), Defaults())


def _detail(filler: Any, case: Row, words: dict[str, Any]) -> None:
    source, opened = filler.source, case["opened_on"]
    key, households = source.key(at(opened, 660)), source.between(60, 320)
    filler.batch.add(
        GovernanceDetail, id=key, case_id=case["id"], version=1, matters=sorted(source.sample(("old_age", "culture", "environment", "after_school", "safety"), 2)),
        households=households, residents=households * 2 + source.between(0, 90),
        needs_enc=sealed("governance_detail", "needs_enc", key, source.pick(words["needs"])),
        strengths_enc=sealed("governance_detail", "strengths_enc", key, source.pick(words["strengths"])), **filler.cases.stamp(case, opened, 660),
    )  # fmt: skip


def _project(filler: Any, case: Row, wish: Any, partners: list[Row], surveys: list[Row]) -> None:
    """The sheet with its steps, what was delivered, and the result once it is evaluated."""
    source, words, begins = filler.source, papers.pool(CODE), wish.dates["planning"]
    serving = wish.dates.get("serving")
    ends = wish.dates.get("evaluating", source.today)
    theirs = [str(row["id"]) for row in partners[:2]]
    count = source.between(3, 7) if serving else 0
    days = sorted(
        {(serving or begins) + timedelta(days=(ends - (serving or begins)).days * n // (count + 1)) for n in range(1, count + 1)}
    )
    heads = sum(
        papers.delivery(
            filler,
            min(day, source.today),
            case["worker_id"],
            source.pick(("D2.1", "D2.2", "D2.3", "D1.3")),
            theirs[: n % 3],
            case,
        )
        for n, day in enumerate(days)
    )
    key, ended = source.key(at(begins, 710)), "evaluating" in wish.dates
    first = serving or begins
    rested = [row for row in surveys if row["to_on"] is not None and row["to_on"] <= begins]
    filler.batch.add(
        GovernanceProject, id=key, case_id=case["id"], version=1, name=source.pick(words["projects"]), survey_id=rested[-1]["id"] if rested else None,
        for_whom=source.pick(words["for_whom"]), starts_on=first, ends_on=first + timedelta(days=150), target_times=max(count, 6),
        target_attendances=max(heads * 10 // 9 // 10 * 10, 120), target_persons=60, budget=source.pick((0, 1500, 3000, 5000)),
        budget_source=source.pick(("purchase", "lottery", "charity", "community")), budget_note=source.pick(words["budget_note"]), partner_ids=theirs,
        steps_enc=sealed("governance_project", "steps_enc", key, _steps(words, first, source.today, bool(serving))),
        persons=source.between(30, 64) if ended else None, reached=source.pick(("reached", "reached", "partly")) if ended else None,
        result_enc=sealed("governance_project", "result_enc", key, source.pick(words["result"])) if ended else None,
        lessons_enc=sealed("governance_project", "lessons_enc", key, source.pick(words["lessons"])) if ended else None,
        result_on=wish.dates.get("evaluating"), **filler.cases.stamp(case, begins, 710),
    )  # fmt: skip


def _steps(words: dict[str, Any], first: date, today: date, runs: bool) -> list[dict[str, Any]]:
    found = []
    for text, after in words["project_steps"]:
        due = first + timedelta(days=after)
        is_done = runs and due < today - timedelta(days=3)
        found.append(
            {"text": text, "due_on": due.isoformat(), "who": words["step_by"], "done_on": due.isoformat() if is_done else None}
        )
    return found


def _stand(case: Row, wish: Any, who: Any) -> Stand:
    planned, serving = "planning" in wish.dates, "serving" in wish.dates
    return Stand(
        status=case["status"],
        since=case["stage_since"],
        found_on=case["found_on"],
        met_on=case["found_on"],
        plan=("approved" if serving else "draft") if planned else None,
        plan_look=who.review_on,
        plan_review="approved" if serving else {"open": "open", "returned": "returned"}.get(wish.review or ""),
        closure=wish.review if "closing" in wish.dates else None,
        closed_on=case["closed_on"],
    )


def _story() -> Any:
    """What papers ask of a story, with the words of communities."""
    return SimpleNamespace(pool=lambda *_kind: _story_words(), items=("D1.1", "D1.3", "D2.1", "D2.2", "D2.3"))


def _story_words() -> dict[str, Any]:
    own = papers.pool(CODE)
    return {**papers.pool("words"), **own, **own["kinds"]["community"]}
