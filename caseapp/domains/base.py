"""The descriptor of a service domain and the workflow of its cases: facts and at most four hooks, no machinery."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from caseapp import reference
from caseapp.access.permissions import Permission
from caseapp.core.errors import Conflict
from caseapp.core.text import _l
from caseapp.queries.casework.duties import Duty, Whose
from caseapp.queries.casework.held import Part
from caseapp.queries.statistics.measures import Measure
from caseapp.schemas.details.base import DetailSchema


@dataclass(frozen=True)
class Step:
    """One verb on a case: from which statuses, to which, who may, and what must be there first (`needs`: gate names)."""

    name: str
    label: Any
    froms: tuple[str, ...]
    to: str
    permission: Permission
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Workflow:
    """The steps a case can take; statuses are those of contract.md section 5."""

    steps: tuple[Step, ...]

    def step(self, name: str, status: str) -> Step:
        """The step of that name from this status; Conflict when the status does not offer it."""
        for step in self.steps:
            if step.name == name and status in step.froms:
                return step
        raise Conflict(_l("The file is at another stage now, so this step is not open."), code="wrong_stage")

    def offered(self, status: str) -> tuple[Step, ...]:
        """Every step that this status offers."""
        return tuple(step for step in self.steps if status in step.froms)

    def with_gate(self, name: str, needs: tuple[str, ...]) -> "Workflow":
        """The same workflow with more needed before one step."""
        steps = tuple(replace(s, needs=s.needs + needs) if s.name == name else s for s in self.steps)
        return replace(self, steps=steps)


@dataclass(frozen=True)
class Act:
    """A link of the domain's own: a page of its blueprint, offered on its case files, as a tab of them, about a person, or on its list.

    `endpoint` is a view of the domain's blueprint that takes `case_id`, or `client` or `household` in the query where it is
    about persons. It is shown to whoever holds `permission` over the row, for rows of class `klass` and cases of these
    `statuses` (all when empty). An `urgent` act is a red button on every page about such a person or case, never in a menu;
    `at_line` says that whoever sees the person's line may take it, with the file closed to them.
    """

    endpoint: str
    label: Any
    icon: str
    permission: Permission
    urgent: bool = False
    klass: str | None = None
    statuses: tuple[str, ...] = ()
    at_line: bool = False
    subject: str | None = None  # of its cases: client household community

    def fits(self, row: Any) -> bool:
        """Whether it is for a row of this class and stage, and a case of this kind of subject."""
        if self.subject is not None and self.subject != row.subject_kind:
            return False
        return self.klass in (None, row.klass) and (not self.statuses or row.status in self.statuses)


# says what is missing before a step in a sentence, or nothing
Gate = Callable[[Any], Any]


@dataclass(frozen=True)
class Domain:
    """One service domain as a page of facts (architecture.md section 3)."""

    code: str
    label: Any
    icon: str
    number: str  # two letters before the running number of its cases
    detail: type  # models/details/<code>.py
    detail_schema: type[DetailSchema]  # schemas/details/<code>.py: the typed part; loads to EditCase
    workflow: Workflow
    catalogue: str  # letter of its service items (domain.md 1.4)
    intake: tuple[str, ...] = ()  # members of the typed part that are asked for when a case is opened
    instruments: tuple[str, ...] = ()  # codes offered, the first being the domain's main one
    must_assess: bool = False  # no case goes beyond its assessment without a confirmed result of the main one, a crisis aside
    offers: Callable[[Any], tuple[str, ...]] | None = None  # (case) → those of them for this very case, its main one first
    subjects: tuple[str, ...] = ("client", "household")
    side_by_side: str | None = None  # typed member: open cases of one subject may stand beside each other when it differs
    groups: tuple[str, ...] = ()  # prefixes of the target groups that make a person its client
    joins: Callable[[Mapping[str, Any]], tuple[str, ...]] | None = None  # (intake) → groups that follow; P3 restricts the case
    gates: Mapping[str, Gate] = field(default_factory=dict)  # its own, by name, in <code>_rules.py
    early: tuple[str, ...] = ()  # those of its gates that a crisis passes and makes up for afterwards
    acts: tuple[Act, ...] = ()  # on its case files
    tabs: tuple[Act, ...] = ()  # of its case files
    person_acts: tuple[Act, ...] = ()  # on the page of a person; urgent ones wherever the person is the subject of a page
    list_acts: tuple[Act, ...] = ()  # on its list of cases
    facts: Callable[[Any], dict[str, Any]] | None = None  # queries/details/<code>.py: (case) → what its partials show
    duties: Callable[[Whose], list[Duty]] | None = None  # queries/details/<code>.py: what facts ask for by a day
    ways: Mapping[str, str] = field(default_factory=dict)  # own gate → view where it is met; `service` → its form for one
    held: tuple[Part, ...] = ()  # its rows that are in a worker's name while they are open, for who leaves
    measures: tuple[Measure, ...] = ()  # queries/statistics/<code>.py: what it counts beyond what all domains count
    hooks: Mapping[str, Callable[..., Any]] = field(default_factory=dict)  # of HOOKS, in <code>_rules.py

    def spares_approval(self, case: Any) -> bool:
        """Whether this case closes first and is reviewed afterwards."""
        hook = self.hooks.get("without_approval")
        return hook is not None and bool(hook(case))

    @property
    def offered(self) -> tuple[str, ...]:
        """Codes of every instrument its cases take: its own, an agency's for this domain, then those for a crisis anywhere."""
        others = [one for one in reference.instruments() if one.everywhere or self.code in one.domains]
        return tuple(dict.fromkeys((*self.instruments, *(one.code for one in others))))

    def own_in(self, case: Any) -> tuple[str, ...]:
        """Codes of its own instruments for this very case, the main one first."""
        return self.offers(case) if self.offers is not None else self.instruments

    def offered_in(self, case: Any) -> tuple[str, ...]:
        """Codes of every instrument that this very case takes."""
        own = self.own_in(case)
        return (*own, *(code for code in self.offered if code not in self.instruments and code not in own))


# what a domain may do when something happens to its case; whoever needs a fifth writes a service of its own
HOOKS = {
    "opened": "(case, promise): a case was opened, typed part and team included; `promise(kind, due_on, user_id=… or for_role=…)`"
    " leaves something to be done",
    "assessed": "(case, counting): an assessment by the domain's main instrument (the first of `instruments`) was confirmed or"
    " voided; `counting` is the one that counts now, or None",
    "stepped": "(case, step, actor): the case took a step",
    "without_approval": "(case) → bool: it may close first and be reviewed afterwards (contract.md section 2)",
}
