"""The papers of a case: plan with goals and items, its reviews, the closing and its review."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from caseapp.cli.demo.batch import Batch
from caseapp.cli.demo.people import Person
from caseapp.cli.demo.places import Place
from caseapp.cli.demo.source import Row, Source, at, pool, sealed
from caseapp.cli.demo.story import Story
from caseapp.core import dates
from caseapp.models import casework as c
from caseapp.queries.casework import reviews
from caseapp.schemas.casework.case import CHECKS


class Papers:
    """Writes what the gates of the workflow look for."""

    def __init__(self, source: Source, batch: Batch, station: Place) -> None:
        self.source, self.batch, self.station = source, batch, station
        self.goals: dict[UUID, list[UUID]] = {}  # plan → goals
        self.decided: dict[UUID, list[tuple[UUID, datetime, date, str]]] = {}  # case → who answered a review

    def stamp(self, case: Row, day: date, minutes: int = 620) -> Row:
        """Where a row of a case lives, when it was written and by whom."""
        return {
            "station_path": case["station_path"],
            "klass": case["klass"],
            "file_id": case["id"],
            "created_at": at(day, minutes),
            "created_by_id": case["worker_id"],
        }

    def plan(self, case: Row, person: Person, wish: Any, story: Story) -> Row:
        """The plan as it stands; in service it is approved, before that as the wish says."""
        source, words, entered = self.source, story.pool(person.kind), wish.dates["planning"]
        asked = wish.review != "none" or "serving" in wish.dates
        leave = wish.dates.get("serving", source.today)
        written = min(entered + timedelta(days=1), leave)
        key, aim = source.key(at(written, 700)), source.pick(words["aim"])
        state = "approved" if "serving" in wish.dates else {"open": "in_review", "returned": "returned"}.get(wish.review, "draft")
        begins = leave if "serving" in wish.dates else written + timedelta(days=7)
        visit_days = source.pick((None, None, 14, 21)) if "serving" in wish.dates else source.pick((None, 14))
        if person.kind == "community":
            visit_days = None
        plan = self.batch.add(
            c.Plan, id=key, case_id=case["id"], number=1, state=state, visit_days=visit_days, starts_on=begins,
            aim_enc=sealed("plan", "aim_enc", key, aim), steps_enc=sealed("plan", "steps_enc", key, words["steps"]),
            review_on=self._look(case, begins), agreed_on=written if asked else None, agreed_by=_agrees(person) if asked else None,
            agreed_how=source.pick(("signed", "thumbprint")) if asked else None, written_by=[str(case["worker_id"])], version=1, **self.stamp(case, written, 700),
        )  # fmt: skip
        content = self._goals(case, plan, written, wish, aim, story, words)
        if state == "approved" and case["klass"] != "P3" and case["status"] in ("serving", "evaluating", "closing"):
            person.plan_days = visit_days
        if asked:
            self._plan_reviews(case, plan, content, written, leave, wish)
        return plan

    def _look(self, case: Row, begins: date) -> date:
        """The next look at the plan: every three months, moved on as long as the case is in service."""
        look = dates.add_months(begins, 3)
        while case["status"] == "serving" and look < self.source.today - timedelta(days=20):
            look = dates.add_months(look, 3)
        return look

    def _goals(
        self, case: Row, plan: Row, day: date, wish: Any, aim_text: str, story: Story, words: dict[str, Any]
    ) -> dict[str, str]:
        """Goals and items; returns the plan's content as a review sees it."""
        source = self.source
        chosen = source.sample(range(len(words["goal"])), source.between(1, min(3, len(words["goal"]))))
        ended = "closing" in wish.dates
        goals, items, items_known = [], [], words.get("items", story.items)
        for position, number in enumerate(chosen, start=1):
            key = source.key(at(day, 702))
            texts = dict(zip(("text", "indicator", "baseline", "target"), words["goal"][number], strict=True))
            progress = 4 if ended else source.between(0, 3) if "serving" in wish.dates else 0
            row = self.batch.add(
                c.Goal, id=key, plan_id=plan["id"], position=position, due_on=plan["starts_on"] + timedelta(days=source.between(60, 150)),
                progress=progress, dropped=False, outcome="reached" if "closed" in wish.dates else None, version=1,
                **{f"{name}_enc": sealed("goal", f"{name}_enc", key, text) for name, text in texts.items()},
                **self.stamp(case, day, 702),
            )  # fmt: skip
            goals.append(Shown(**texts, id=key, due_on=row["due_on"], dropped=False))
        for position, code in enumerate(source.sample(items_known, source.between(1, min(3, len(items_known)))), start=1):
            often, who = source.pick(words["plan_items"]["often"]), source.pick(words["plan_items"]["who"])
            self.batch.add(
                c.PlanItem, id=source.key(at(day, 703)), plan_id=plan["id"], position=position, item=code, how_often=often, who=who,
                station_path=case["station_path"], klass=case["klass"], file_id=case["id"],
            )  # fmt: skip
            items.append(Shown(position=position, item=code, how_often=often, who=who))
        dated = {name: plan[name] for name in ("starts_on", "review_on", "visit_days", "agreed_on", "agreed_by", "agreed_how")}
        shown: Any = Shown(aim=aim_text, goals=goals, items=items, **dated)
        self.goals[plan["id"]] = [goal.id for goal in goals]
        return reviews.plan_content(shown)

    def _plan_reviews(self, case: Row, plan: Row, content: dict[str, str], written: date, leave: date, wish: Any) -> None:
        """Sent; returned once now and then and sent again; answered, or waiting."""
        last = "approved" if "serving" in wish.dates else wish.review
        day, number = written, 1
        if last == "approved" and (leave - written).days > 4 and self.source.hit(0.25):
            self._review(case, "plan", "returned", number, day, content, plan=plan, ended=day + timedelta(days=1))
            day, number = day + timedelta(days=2), 2
        ended = None if last == "open" else leave if last == "approved" else min(day + timedelta(days=1), self.source.today)
        row = self._review(case, "plan", last, number, day, content, plan=plan, ended=ended)
        if last == "approved":
            plan["content_hash"], plan["approved_at"] = row["content_hash"], row["decided_at"]

    def closing(self, case: Row, person: Person, wish: Any, plan: Row, story: Story) -> None:
        """What the closing rests on, and the township's review of it."""
        source, entered, words = self.source, wish.dates["closing"], story.pool(person.kind)
        reasons = {"achieved": 8} if person.kind == "community" else {"achieved": 8, "moved": 1, "institution": 1}
        case["closing_reason"] = source.weighted(reasons)
        closing = {
            "outcomes": {str(key): "reached" for key in self.goals[plan["id"]]},
            "reason_note": words["closing"][0],
            "unsolved": None,
            "own_view": words["closing"][0],
            "satisfaction": 5,
            "follow_up": None,
            "checked": sorted(CHECKS),
            "written_by": [str(person.worker)],
        }
        case["closing_enc"] = sealed("case", "closing_enc", case["id"], closing)
        state = "approved" if "closed" in wish.dates else wish.review
        if state in (None, "none"):
            return
        content = reviews.closure_content(Shown(closing_reason=case["closing_reason"], closing=closing))  # type: ignore[arg-type]  # only read
        ended = None if state == "open" else min(entered + timedelta(days=3), wish.dates.get("closed", self.source.today))
        self._review(case, "closure", state, 1, entered, content, ended=ended)

    def _review(
        self,
        case: Row,
        kind: str,
        state: str,
        number: int,
        day: date,
        content: dict[str, str],
        *,
        ended: date | None,
        plan: Row | None = None,
    ) -> Row:
        source, words, key = self.source, pool("words"), self.source.key(at(day, 720))
        role, by = self._decider(kind)
        decision = words["returned" if state == "returned" else "approved"]
        row = self.batch.add(
            c.Review, id=key, station_id=case["station_id"], case_id=case["id"], plan_id=plan["id"] if plan else None, kind=kind, state=state, round=number,
            asked_by_id=case["worker_id"], asked_at=at(day, 720), content_hash=reviews.digest(content),
            content_enc=sealed("review", "content_enc", key, content), editors=[str(case["worker_id"])], version=1,
            station_path=case["station_path"], klass=case["klass"], file_id=case["id"],
        )  # fmt: skip
        if ended is not None:
            row["decided_by_id"], row["decided_role"], row["decided_at"] = by, role, at(ended, 880)
            row["decision_enc"] = sealed("review", "decision_enc", key, source.pick(decision))
            self.decided.setdefault(case["id"], []).append((by, row["decided_at"], ended, state))
            if state == "returned" and plan is not None:
                self._comment(case, row, f"goal:{self.goals[plan['id']][0]}:baseline", by, ended)
        return row

    def _decider(self, kind: str) -> tuple[str, UUID]:
        if kind == "closure":
            return "township_supervisor", self.station.township
        if self.station.supervisor is not None:
            return "supervisor", self.station.supervisor
        return "station_head", self.station.head

    def _comment(self, case: Row, review: Row, field: str, by: UUID, day: date) -> None:
        key = self.source.key(at(day, 878))
        self.batch.add(
            c.ReviewComment, id=key, case_id=case["id"], review_id=review["id"], field=field, private=False, by_id=by, at=at(day, 878),
            body_enc=sealed("review_comment", "body_enc", key, pool("words")["comment"][0]), station_path=case["station_path"],
            klass=case["klass"], file_id=case["id"],
        )  # fmt: skip


def _agrees(person: Any) -> str:
    """Who agreed to a plan: the residents, a guardian, or the person."""
    return "residents" if person.kind == "community" else "guardian" if person.row["klass"] == "minor" else "self"


class Shown:
    """Values by name, for reading them as a review reads rows."""

    def __init__(self, **values: Any) -> None:
        self.__dict__.update(values)

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(name)
