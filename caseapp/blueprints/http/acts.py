"""The domains' own links about a person, a case or a household: as menus on their pages, urgent ones in the open on every one of them."""

from collections.abc import Iterator
from typing import Any

from flask import Flask, url_for
from sqlalchemy import inspect

from caseapp import domains
from caseapp.access import policy
from caseapp.blueprints.http.visitor import current_actor
from caseapp.core import clock
from caseapp.domains.base import Act
from caseapp.models.casework import Case, Client, Household
from caseapp.queries.casework import households
from caseapp.reference import default

Link = tuple[Act, str]


def register(app: Flask) -> None:
    """Gives every template `urgent_acts`, which the frame of a page asks with what the page is about."""
    app.jinja_env.globals["urgent_acts"] = urgent_acts


def of_person(client: Client) -> list[Link]:
    """What the domains offer about a person to this reader."""
    return list(_about(client, {"client": client.id}))


def urgent_acts(client: Any = None, case: Any = None, household: Any = None) -> list[Link]:
    """The red buttons of a page about a person, a case or a household; each once."""
    found: dict[str, Link] = {}
    for act, url in _of_page(client, case, household):
        found.setdefault(url, (act, url))
    return list(found.values())


def _of_page(client: Any, case: Any, household: Any) -> Iterator[Link]:
    if isinstance(case, Case):
        yield from _of_case(case)
        unloaded = inspect(case).unloaded  # beside a person a case may stand without its subject
        client = case.client if case.client_id is not None and "client" not in unloaded else client
        household = case.household if case.household_id is not None and "household" not in unloaded else household
    if isinstance(client, Client):
        yield from (link for link in of_person(client) if link[0].urgent)
    elif isinstance(household, Household):
        yield from _of_household(household)


def _of_case(case: Case) -> Iterator[Link]:
    domain, actor = domains.get(case.domain), current_actor()
    for act in domain.acts:
        if act.urgent and act.fits(case) and policy.may(actor, act.permission, case):
            yield act, url_for(f"{domain.code}.{act.endpoint}", case_id=case.id)


def _of_household(household: Household) -> Iterator[Link]:
    """Offered where somebody of such a class lives there: on file and in sight, or named as that young."""
    if any(_is_minor(member) for member in households.members(household)):
        yield from _about(household, {"household": household.id}, klass="minor", urgent=True)


def _is_minor(member: Any) -> bool:
    if member.deceased or member.left_on is not None:
        return False
    young = member.birth_year is not None and clock.today().year - member.birth_year < default("client.minor_age")
    return member.klass == "minor" or (member.client_id is None and young)


def _about(row: Any, values: dict[str, Any], *, klass: str | None = None, urgent: bool = False) -> Iterator[Link]:
    actor = current_actor()
    for domain in domains.all():
        for act in domain.person_acts:
            fits = act.fits(row) if klass is None else act.klass in (None, klass)
            may = policy.may_at_line if act.at_line else policy.may
            if fits and (act.urgent or not urgent) and may(actor, act.permission, row):
                yield act, url_for(f"{domain.code}.{act.endpoint}", **values)


__all__ = ["of_person", "register", "urgent_acts"]
