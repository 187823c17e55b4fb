"""What makes each of the five service domains itself; the registry has one line per domain."""

from caseapp.domains.base import Domain
from caseapp.domains.elderly import ELDERLY

REGISTRY: tuple[Domain, ...] = (ELDERLY,)


def all() -> tuple[Domain, ...]:
    """Every domain, in the order of the plan (contract.md section 3)."""
    return REGISTRY


def get(code: str) -> Domain:
    """The domain of a code; KeyError for a code that is none."""
    return next(domain for domain in REGISTRY if domain.code == code)
