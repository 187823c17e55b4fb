"""The descriptor of a service domain and the workflow of its cases: facts and at most four hooks, no machinery."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from caseapp.access.permissions import Permission
from caseapp.core.errors import Conflict
from caseapp.core.text import _l
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
    """A link of the domain's own: a page of its blueprint, offered on its case files, as a tab of them, or on a person's page.

    `endpoint` is a view of the domain's blueprint that takes `case_id`, or `client` in the query on a person's page. It is
    shown to whoever holds `permission` over the row, for rows of class `klass` and cases of these `statuses` (all when
    empty). An `urgent` act is a red button that stands in the open, never in a menu.
    """

    endpoint: str
    label: Any
    icon: str
    permission: Permission
    urgent: bool = False
    klass: str | None = None
    statuses: tuple[str, ...] = ()

    def fits(self, row: Any) -> bool:
        """Whether it is for a row of this class and stage."""
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
    subjects: tuple[str, ...] = ("client", "household")
    groups: tuple[str, ...] = ()  # prefixes of the target groups that make a person its client
    gates: Mapping[str, Gate] = field(default_factory=dict)  # its own, by name, in <code>_rules.py
    acts: tuple[Act, ...] = ()  # on its case files
    tabs: tuple[Act, ...] = ()  # of its case files
    person_acts: tuple[Act, ...] = ()  # on the page of a person
    facts: Callable[[Any], dict[str, Any]] | None = None  # queries/details/<code>.py: (case) → what its partials show
    measures: tuple[Measure, ...] = ()  # queries/statistics/<code>.py: what it counts beyond what all domains count
    hooks: Mapping[str, Callable[..., Any]] = field(default_factory=dict)  # of HOOKS, in <code>_rules.py


# what a domain may do when something happens to its case; whoever needs a fifth writes a service of its own
HOOKS = {
    "opened": "(case, actor): a case was opened, typed part and team included",
    "assessed": "(case, counting): an assessment was confirmed or voided; `counting` is the one that counts now, or None",
    "stepped": "(case, step, actor): the case took a step",
    "without_approval": "(case) → bool: it may close first and be reviewed afterwards (contract.md section 2)",
}
