"""What makes each of the five service domains itself; the registry has one line per domain, in the order of the plan."""

from importlib import import_module

from caseapp.domains.base import Domain
from caseapp.queries.statistics.measures import MEASURES, Measure

CODES = (
    "assistance",
    "elderly",
    "children",
    "governance",
    "affairs",
)  # fmt: skip

REGISTRY: tuple[Domain, ...] = tuple(import_module(f"{__name__}.{code}").DOMAIN for code in CODES)


def all() -> tuple[Domain, ...]:
    """Every domain, in the order of the plan (contract.md section 3)."""
    return REGISTRY


def get(code: str) -> Domain:
    """The domain of a code; KeyError for a code that is none."""
    for domain in REGISTRY:
        if domain.code == code:
            return domain
    raise KeyError(code)


def measures() -> dict[str, Measure]:
    """Everything that is counted, by code: what concerns all domains, then what each counts of its own."""
    return {measure.code: measure for measure in (*MEASURES, *(m for domain in REGISTRY for m in domain.measures))}
