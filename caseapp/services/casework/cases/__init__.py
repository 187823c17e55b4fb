"""Verbs on cases: open, take a step, assign, change the risk; what must be there first lies in `gates`."""

from caseapp.services.casework.cases.next_step import set_next_steps

__all__ = ["set_next_steps"]
