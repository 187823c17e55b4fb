"""What an assistance case keeps: the typed row, sheets as far as the case has come, applications with their answers, benefits."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from caseapp.cli.demo.details.assistance.aid import Aid
from caseapp.cli.demo.details.assistance.lines import Lines, Writer
from caseapp.cli.demo.details.assistance.tasks import event, task
from caseapp.cli.demo.source import Row, at, sealed
from caseapp.models import casework as c
from caseapp.models.details.assistance import AssistanceDetail, MeansSection, MeansSheet
from caseapp.models.details.assistance.means import MEMBERS, MONEY
from caseapp.queries.details.assistance import sums

HARDSHIPS = {
    "ill_family": ["illness", "schooling"],
    "disabled_son": ["disability", "care", "old_age"],
    "single_parent": ["breadwinner", "schooling"],
    "no_support": ["old_age"],
    "operation": ["illness", "debt"],
}


def content(cases: Any, case: Row, person: Any, wish: Any, assessed: date | None) -> None:
    """Everything beside the shared papers."""
    found = Family(cases, case, person)
    _detail(cases, case, person, wish, assessed)
    begun = wish.dates["assessing"]
    if "planning" in wish.dates:
        sheet = found.sheet(min(begun + timedelta(days=4), wish.dates["planning"]), finished=True)
        Aid(found, wish, sheet).write()
        if wish.told.get("again"):
            found.sheet(cases.source.today - timedelta(days=2), finished=False, number=2, before=sheet)
    elif wish.told.get("begun", cases.source.hit(0.7)):
        found.sheet(max(begun, cases.source.today - timedelta(days=1)), finished=False)


def _detail(cases: Any, case: Row, person: Any, wish: Any, assessed: date | None) -> None:
    source, words, opened = cases.source, cases.words(case), case["opened_on"]
    key = source.key(at(opened, 660))
    is_urgent = wish.dates.get("assessing") is not None and "planning" not in wish.dates and case["risk"] == "red"
    needs = [source.pick(("heat", "food", "medicine"))] if is_urgent or source.hit(0.15) else None
    cases.batch.add(
        AssistanceDetail, id=key, case_id=case["id"], matter="recheck" if source.hit(0.2) else "apply",
        hardships=HARDSHIPS.get(person.kind, ["other"]), hardship_since=opened - timedelta(days=source.between(90, 900)),
        income_rhythm=source.pick(("stable", "changeable")), urgent_needs=needs, version=1,
        urgent_met_on=None if is_urgent or not needs else opened,
        help_so_far_enc=sealed("assistance_detail", "help_so_far_enc", key, source.pick(words["help_so_far"])),
        needs_enc=sealed("assistance_detail", "needs_enc", key, source.pick(words["needs"])) if assessed else None,
        strengths_enc=sealed("assistance_detail", "strengths_enc", key, source.pick(words["strengths"])) if assessed else None,
        **cases.stamp(case, opened, 660),
    )  # fmt: skip
    if is_urgent:
        task(cases, case, "urgent_relief", source.today, source.today)


class Family:
    """One family's members and sheets."""

    def __init__(self, cases: Any, case: Row, person: Any) -> None:
        self.cases, self.case, self.person = cases, case, person
        self.source, self.words = cases.source, cases.words(case)
        self.household: UUID = person.row["household_id"]
        self.lines: Lines = {}
        self.members = [self._member(row) for row in self._rows()]
        self.whose = {"household_id": self.household, "client_id": case["client_id"]}

    def _rows(self) -> list[Row]:
        """The members of the household, head first: its rows were the last ones written."""
        found = []
        for row in reversed(self.cases.batch.rows[c.HouseholdMember]):
            if row["household_id"] != self.household:
                break
            found.append(row)
        return sorted(found, key=lambda row: row["position"])

    def _member(self, row: Row) -> Row:
        client = self._client(row.get("client_id"))
        year = client["birth_on"].year if client else row["birth_year"]
        counted = row["lives_here"]
        is_child = self.source.today.year - year < 18
        return {
            "key": (row.get("client_id") or row["id"]).hex,
            "name": client["name"] if client else row["name"],
            "relation": row["relation_to_head"],
            "sex": client["sex"] if client else row["sex"],
            "birth_year": year,
            "klass": row["klass"],
            "file_id": str(row["file_id"]),
            "counted": counted,
            "why": None if counted else "own_household",
            "work": self.source.pick(self.words["school" if is_child else "member_work"]) if counted else None,
        }

    def _client(self, key: UUID | None) -> Row | None:
        if key is None:
            return None
        return next(row for row in reversed(self.cases.batch.rows[c.Client]) if row["id"] == key)

    def sheet(self, day: date, *, finished: bool, number: int = 1, before: Row | None = None) -> Row:
        """A sheet with its sections; one that is being filled in has come as far as its income."""
        source, case = self.source, self.case
        key, stamp = source.key(at(day, 690)), self.cases.stamp(case, day, 690)
        writer = Writer(source, self.words, [m["key"] for m in self.members if m["counted"]])
        lines = self.lines = writer.again(self.lines) if before else writer.sheet(self.person.kind)
        row: Row = self.cases.batch.add(
            MeansSheet, id=key, case_id=case["id"], number=number, state="finished" if finished else "draft",
            copied_from_id=before["id"] if before else None, enquired_on=day, methods=["home", "neighbours"], staff=self._staff(),
            consent_how="signed" if source.hit(0.7) else "thumbprint", consent_on=day,
            paper_place=source.pick(self.words["place"]) if finished else None,
            remark_enc=sealed("means_sheet", "remark_enc", key, source.pick(self.words["remark"])),
            totals_enc=sealed("means_sheet", "totals_enc", key, sums.reckon(lines, self.members).kept()) if finished else None,
            finished_at=at(day, 960) if finished else None, finished_by_id=case["worker_id"] if finished else None, version=2,
            **self.whose, **stamp,
        )  # fmt: skip
        if finished:
            event(self.cases, case, "means_finished", day, 961)
        self._section(key, MEMBERS, self.members, stamp, saved=True)
        for name in MONEY:
            self._section(
                key,
                name,
                lines[name],
                stamp,
                saved=finished or name == "income",
                shown=finished or before is not None or name == "income",
            )
        return row

    def _section(self, sheet: UUID, name: str, rows: Lines | Any, stamp: Row, *, saved: bool, shown: bool = True) -> None:
        key = self.source.key(stamp["created_at"])
        self.cases.batch.add(
            MeansSection, id=key, sheet_id=sheet, section=name, saved=saved, said_none=saved and not rows, version=2,
            content_enc=sealed("means_section", "content_enc", key, rows if shown else []), **stamp,
        )  # fmt: skip

    def _staff(self) -> list[Row]:
        """The worker and a colleague, or somebody of the township."""
        others = [key for key in self.cases.station.workers if key != self.case["worker_id"]]
        first: Row = {"user": str(self.case["worker_id"])}
        if others and self.source.hit(0.6):
            return [first, {"user": str(self.source.pick(others))}]
        name = self.cases.registry.namer.name(self.source.pick("12"), 42, is_korean=False)
        return [first, {"name": name, "office": self.source.pick(self.words["office"])}]
