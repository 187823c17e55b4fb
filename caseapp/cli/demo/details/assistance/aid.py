"""What a family asks for and receives in the demo: applications in every state, benefits with re-checks late, due and far."""

from datetime import date, timedelta
from typing import Any

from caseapp import reference
from caseapp.cli.demo.details.assistance.tasks import event, task
from caseapp.cli.demo.source import Row, at, sealed
from caseapp.core import dates
from caseapp.models.details.assistance import AidAnswer, AidBenefit, AidRequest

AIDS = {"ill_family": "dibao", "disabled_son": "dibao", "single_parent": "edge", "no_support": "tekun", "operation": "rigid"}
PAID = {"dibao": (380, 760, 20), "tekun": (700, 980, 20)}  # yuan a month
ENDED = ("closing", "closed", "follow_up", "archived")


class Aid:
    """Writes what one case helped with."""

    def __init__(self, family: Any, wish: Any, sheet: Row) -> None:
        self.family, self.wish, self.sheet = family, wish, sheet
        self.cases, self.case, self.source, self.words = family.cases, family.case, family.source, family.words

    def write(self) -> None:
        """The main aid of this kind of family, and now and then a smaller one."""
        aid, since = AIDS.get(self.family.person.kind, "other"), self.wish.dates["planning"]
        served = self.wish.dates.get("serving")
        if served is None:
            self._request(aid, since, "preparing")
            return
        ended = any(stage in self.wish.dates for stage in ENDED)
        states = {"given": 60, "refused": 14} if ended else {"given": 60, "refused": 12, "handed_in": 18, "more": 10}
        state = self.wish.told.get("state") or self.source.weighted(states)
        handed = min(since + timedelta(days=self.source.between(4, 12)), self.source.today)
        answered = min(handed + timedelta(days=self.source.between(15, 40)), self.source.today)
        benefit = self._benefit(aid, answered, ended=ended) if state == "given" else None
        self._request(aid, since, state, handed=handed, answered=answered, benefit=benefit)
        if self.source.hit(0.25):
            self._relief(served)

    def _request(
        self,
        aid: str,
        day: date,
        state: str,
        *,
        handed: date | None = None,
        answered: date | None = None,
        benefit: Row | None = None,
    ) -> None:
        source, key = self.source, self.source.key(at(day, 700))
        wanted = list(reference.codes("assistance_aid")._by_code[aid].facts["papers"])
        done = state in ("given", "refused")
        told = None
        if state == "refused" and answered and not self.wish.told.get("untold", source.hit(0.5)):
            told = min(answered + timedelta(days=2), source.today)
        row = self.cases.batch.add(
            AidRequest, id=key, case_id=self.case["id"], aid=aid, purpose="new", state=state, sheet_id=self.sheet["id"],
            benefit_id=benefit["id"] if benefit else None, urgent=False,
            wish_enc=sealed("aid_request", "wish_enc", key, source.pick(self.words["wish"])), papers_wanted=wanted,
            papers_ready=wanted if handed else wanted[: source.between(1, len(wanted) - 1)],
            papers_note=source.pick(self.words["paper_note"]) if handed else None, handed_in_on=handed,
            first_handed_in_on=handed, first_handed_in_at=at(handed, 701) if handed else None,
            handed_in_to=source.pick(self.words["handed_in_to"]) if handed else None, answered_on=answered if done or state == "more" else None,
            appeal_until=answered + timedelta(days=reference.default("assistance.appeal_days")) if state == "refused" and answered else None,
            appeal_told_on=told, appeal_note_enc=sealed("aid_request", "appeal_note_enc", key, source.pick(self.words["appeal"])) if told else None,
            version=1, **self.family.whose, **self.cases.stamp(self.case, day, 700),
        )  # fmt: skip
        if handed:
            event(self.cases, self.case, "aid_handed_in", handed, 701, {"says": [["assistance_aid", aid]]})
        if answered and state != "handed_in":
            self._answer(row, state, answered, benefit)
        self._promise(state, handed, answered, told)

    def _promise(self, state: str, handed: date | None, answered: date | None, told: date | None) -> None:
        """What stays to be done."""
        if state == "handed_in" and handed:
            days = reference.default("assistance.answer_working_days")
            task(self.cases, self.case, "aid_answer", handed, dates.add_working_days(handed, days))
        if state == "refused" and answered and told is None:
            task(self.cases, self.case, "aid_appeal", answered, dates.add_working_days(answered, 2))

    def _answer(self, row: Row, state: str, day: date, benefit: Row | None) -> None:
        key = self.source.key(at(day, 710))
        amount = benefit["cents"] if benefit else None
        event(
            self.cases,
            self.case,
            "aid_answered",
            day,
            711,
            {"says": [["assistance_aid", row["aid"]], ["assistance_answer", state]]},
        )
        self.cases.batch.add(
            AidAnswer, id=key, request_id=row["id"], answer=state, answered_on=day, authority="county" if state != "more" else "township",
            paper_no=self._paper(day) if state != "more" else None, per=benefit["per"] if amount and benefit else None,
            reason_enc=sealed("aid_answer", "reason_enc", key, self.source.pick(self.words[state])) if state != "given" else None,
            amount_enc=sealed("aid_answer", "amount_enc", key, str(amount)) if amount else None,
            **self.cases.stamp(self.case, day, 710),
        )  # fmt: skip

    def _benefit(self, aid: str, day: date, *, ended: bool) -> Row:
        """What was given; its next re-check is late, due this month or far, as the days fall."""
        source, key = self.source, self.source.key(at(day, 705))
        rhythm = source.pick(("stable", "changeable"))
        months = reference.default(f"assistance.recheck_months_{rhythm}")
        cents = self._cents(aid)
        checked, recheck = self._recheck(aid, day, months)
        self.cases.batch.add(
            AidBenefit, id=key, case_id=self.case["id"], aid=aid, amount_enc=sealed("aid_benefit", "amount_enc", key, str(cents)) if cents else None,
            per="month" if cents else None, from_on=day, authority="county", paper_no=self._paper(day), rhythm=rhythm,
            checked_on=checked,
            recheck_on=recheck, version=1, **self.family.whose, **self.cases.stamp(self.case, day, 705),
        )  # fmt: skip
        if recheck and not ended:
            task(self.cases, self.case, "aid_recheck", day, recheck)
        return {"id": key, "cents": cents, "per": "month" if cents else None}

    def _cents(self, aid: str) -> int | None:
        if aid not in PAID:
            return None
        low, high, step = PAID[aid]
        return self.source.between(low // step, high // step) * step * 100

    def _recheck(self, aid: str, day: date, months: int) -> tuple[date | None, date | None]:
        """When it was last looked at again and when it is next; after years somebody has looked."""
        if not reference.codes("assistance_aid")._by_code[aid].facts.get("recheck"):
            return None, None
        due = dates.add_months(day, months)
        if "recheck" in self.wish.told:
            due = self.source.today + timedelta(days=self.wish.told["recheck"])
        elif self.source.hit(0.3):
            due = self.source.today - timedelta(days=self.source.between(-20, 25))
        checked = dates.add_months(due, -months)
        return checked if checked > day else None, due

    def _relief(self, day: date) -> None:
        """Relief in an emergency, told to the township the same day and given."""
        source, key = self.source, self.source.key(at(day, 720))
        worth = source.between(2, 12) * 5000
        relief = {
            "what": source.pick(self.words["relief"]),
            "by": source.pick(("township", "village", "charity")),
            "worth": worth,
        }
        wanted = list(reference.codes("assistance_aid")._by_code["temporary"].facts["papers"])
        row = self.cases.batch.add(
            AidRequest, id=key, case_id=self.case["id"], aid="temporary", purpose="new", state="given", urgent=True,
            urgent_needs=[source.pick(("heat", "food", "medicine"))], relief_enc=sealed("aid_request", "relief_enc", key, relief),
            papers_wanted=wanted, papers_ready=wanted, handed_in_on=day,
            first_handed_in_on=day, first_handed_in_at=at(day, 720), handed_in_to=source.pick(self.words["handed_in_to"]),
            answered_on=day, version=1, **self.family.whose, **self.cases.stamp(self.case, day, 720),
        )  # fmt: skip
        self._answer(row, "given", day, None)

    def _paper(self, day: date) -> str:
        return f"{day.year}-{self.source.between(1, 400):03d}"
