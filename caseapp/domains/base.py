"""The descriptor of a service domain and the workflow of its cases: facts and at most four hooks, no machinery."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from caseapp.access.permissions import Permission
from caseapp.core.errors import Conflict
from caseapp.core.text import _l


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
class Domain:
    """One service domain as a page of facts (architecture.md section 3)."""

    code: str
    label: Any
    icon: str
    detail: type  # models/details/<code>.py
    detail_schema: type  # schemas/details/<code>.py: the typed part; loads to EditCase
    workflow: Workflow
    catalogue: str  # letter of its service items (domain.md 1.4)
    instruments: tuple[str, ...] = ()  # codes offered, the first being the domain's main one
    subjects: tuple[str, ...] = ("client", "household")
    target_groups: tuple[str, ...] = ()  # prefixes of tags that make a person its client
    export_columns: tuple[str, ...] = ()
    hooks: Mapping[str, Callable[..., Any]] = field(default_factory=dict)  # at most four, in <code>_rules.py
