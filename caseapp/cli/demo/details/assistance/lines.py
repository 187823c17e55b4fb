"""Whose money there is in which kind of family: lines of a means sheet as the service keeps them, in cents."""

from typing import Any

from caseapp.cli.demo.source import Source

Line = dict[str, Any]
Lines = dict[str, list[Line]]
PAPERS = {
    "wage": "bank", "business": "certificate", "transfer": "bank", "medical": "receipt", "education": "school", "cash": "bank",
    "real_estate": "title", "rehabilitation": "receipt", "nursing": "disability", "basic_pension": "bank", "aid": "bank",
    "housing": "receipt", "work_cost": "none", "support": "none",
}  # fmt: skip


class Writer:
    """Draws the lines of one family; each member has a key, the head first."""

    def __init__(self, source: Source, words: dict[str, Any], keys: list[str]) -> None:
        self.source, self.words, self.keys = source, words, keys

    def sheet(self, kind: str) -> Lines:
        """All four sections."""
        found: Lines = {"income": [], "deduction": [], "property": [], "expense": []}
        getattr(self, f"_{kind}")(found)
        found["property"].append(self._line("cash", self._yuan(300, 6000, 100), None, per=None))
        if kind != "no_support":
            found["property"].append(self._line("real_estate", self._yuan(20000, 60000, 5000), 0, per=None))
        return found

    def again(self, before: Lines) -> Lines:
        """The lines of a later sheet: the same, some amounts a little up or down, declared anew."""
        drift = (90, 100, 100, 110, 120)
        return {
            name: [{**line, "amount": line["amount"] * self.source.pick(drift) // 100, "basis": "declared"} for line in lines]
            for name, lines in before.items()
        }

    def _ill_family(self, found: Lines) -> None:
        work, take = self.source.between(3, 8), self._yuan(80, 140, 10)
        found["income"] += [
            self._line("wage", take, 1, per="day", times=work * 12, what=self.source.pick(self.words["wage_what"])),
            self._line("business", self._yuan(3000, 9000, 500), None, per="year"),
            self._line("aid", self._yuan(400, 700, 20), 0, per="month"),
        ]
        found["deduction"].append(self._line("business_cost", self._yuan(800, 3000, 100), None, per="year"))
        found["expense"] += [
            self._line("medical", self._yuan(400, 1600, 50), 0, per="month"),
            self._line("education", self._yuan(900, 3000, 100), 2, per="once", times=2),
        ]

    def _disabled_son(self, found: Lines) -> None:
        found["income"] += [
            self._line("basic_pension", self._yuan(108, 190, 1), 0, per="month"),
            self._line("nursing", self._yuan(80, 130, 5), 1, per="month"),
            self._line("transfer", self._yuan(200, 500, 50), 0, per="quarter"),
        ]
        found["expense"] += [
            self._line("rehabilitation", self._yuan(150, 600, 10), 1, per="month"),
            self._line("medical", self._yuan(120, 400, 10), 0, per="month"),
        ]

    def _single_parent(self, found: Lines) -> None:
        found["income"] += [
            self._line("wage", self._yuan(1500, 2600, 50), 0, per="month", what=self.source.pick(self.words["wage_what"])),
            self._line("transfer", self._yuan(300, 800, 50), 1, per="month"),
        ]
        found["deduction"].append(self._line("work_cost", self._yuan(100, 300, 10), 0, per="month"))
        found["expense"] += [
            self._line("education", self._yuan(1200, 3600, 100), 1, per="once", times=2),
            self._line("housing", self._yuan(300, 600, 50), None, per="month"),
        ]

    def _no_support(self, found: Lines) -> None:
        found["income"] += [
            self._line("basic_pension", self._yuan(108, 150, 1), 0, per="month"),
            self._line("property", self._yuan(600, 2400, 100), 0, per="year"),
        ]
        found["expense"].append(self._line("medical", self._yuan(60, 300, 10), 0, per="month"))

    def _operation(self, found: Lines) -> None:
        found["income"] += [
            self._line("wage", self._yuan(1800, 2800, 50), None, per="month"),
            self._line("transfer", self._yuan(2000, 6000, 500), None, per="once"),
        ]
        found["expense"].append(self._line("medical", self._yuan(30000, 90000, 1000), 0, per="once"))

    def _line(
        self, kind: str, amount: int, who: int | None, *, per: str | None, times: int | None = None, what: str | None = None
    ) -> Line:
        source = self.source
        paper = PAPERS.get(kind) if source.hit(0.75) else None
        shown = paper not in (None, "none")
        return {
            "key": f"{source.getrandbits(48):012x}", "kind": kind, "amount": amount, "per": per, "times": times, "what": what,
            "who": self.keys[who] if who is not None and who < len(self.keys) else None,
            "basis": "verified" if shown and source.hit(0.7) else "declared", "evidence": paper,
            "place": source.pick(self.words["place"]) if shown and source.hit(0.8) else None, "note": None,
        }  # fmt: skip

    def _yuan(self, low: int, high: int, step: int) -> int:
        """Cents of a round amount."""
        return self.source.between(low // step, high // step) * step * 100
