"""What each worker of a station carries: persons and cases by risk, visits that fall due and how far the ways are."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from sqlalchemy import case as when
from sqlalchemy import func, select

from caseapp.access.permissions import Permission
from caseapp.access.policy import require
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.extensions import db
from caseapp.models.casework import Case, Client
from caseapp.models.casework.case import LIVE
from caseapp.queries.organisation import distances, workers
from caseapp.queries.organisation.settings import At

AHEAD = 30  # days: a month of visits, what is late included


@dataclass(frozen=True)
class Weights:
    """What a case of a risk and a visit at a distance count for."""

    cases: Mapping[str, int]
    visits: Mapping[str, int]


@dataclass
class Load:
    """What one worker carries; `name` is empty for what nobody does, `here` whether the worker still works at the station."""

    name: str
    here: bool
    persons: int = 0
    cases: Counter[str] = field(default_factory=Counter)  # by risk
    visits: Counter[str] = field(default_factory=Counter)  # by distance

    def weight(self, weights: Weights) -> int:
        """Everything by what it counts for."""
        cases = sum(weights.cases.get(risk, 0) * count for risk, count in self.cases.items())
        return cases + sum(weights.visits.get(way, 0) * count for way, count in self.visits.items())


def of_station(actor: Actor) -> tuple[list[Load], Weights, distances.Distances]:
    """Everybody's load in the order of names, last what nobody does: few statements however many workers there are."""
    require(actor, Permission.CASE_ASSIGN)
    settings, until = At(actor.paths[0]), clock.today() + timedelta(days=AHEAD)
    ways = distances.read(settings)
    here = dict(workers.of(actor))
    found: dict[UUID | None, Load] = {key: Load(name, here=True) for key, name in here.items()}
    due = func.sum(when((Client.next_visit_on <= until, 1), else_=0))
    people = select(Client.worker_id, Client.residence_code, func.count(Client.id), due).where(Client.state == "on_file")
    for key, village, count, visits in db.session.execute(people.group_by(Client.worker_id, Client.residence_code)):
        load = found.setdefault(key, Load("", here=False))
        load.persons += count
        load.visits[ways.of(village)] += visits or 0
    cases = select(Case.worker_id, Case.risk, func.count(Case.id)).where(Case.status.in_(LIVE))
    for key, risk, count in db.session.execute(cases.group_by(Case.worker_id, Case.risk)):
        found.setdefault(key, Load("", here=False)).cases[risk] += count
    for key, name in workers.names(set(found) - set(here)).items():
        found[key].name = name
    weights = Weights(settings["workload.case_points"], settings["workload.visit_points"])
    return sorted(found.values(), key=lambda load: (not load.here, not load.name, load.name)), weights, ways
