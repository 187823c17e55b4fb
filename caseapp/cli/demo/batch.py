"""Writes rows in bulk: lists of plain values by model, in the order in which tables need each other."""

from collections import defaultdict
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from caseapp.cli.demo.source import Row
from caseapp.models import casework as c
from caseapp.models import details as d
from caseapp.models import organisation as o
from caseapp.models import trust as t

ORDER: tuple[Any, ...] = (
    o.Division,
    o.Organisation,
    o.Purchase,
    o.User,
    o.Credential,
    o.Grant,
    o.GrantPlace,
    o.GrantConfirmation,
    o.Setting,
    t.Counter,
    c.Household,
    c.Client,
    c.Case,
    c.IdentityDocument,
    c.Contact,
    c.TargetTag,
    c.Consent,
    c.Enrolment,
    c.RefusedItem,
    c.HouseholdMember,
    c.MemberLink,
    c.CaseEvent,
    c.CaseMember,
    c.Assessment,
    c.Plan,
    c.Goal,
    c.PlanItem,
    c.Review,
    c.ReviewComment,
    d.ElderlyDetail,
    c.Visit,
    c.VisitPerson,
    c.ServiceRecord,
    c.Task,
    c.VillageContact,
    t.FileAccess,
    t.AuditEntry,
    t.AuditSeen,
)


class Batch:
    """Rows that wait to be written together."""

    def __init__(self) -> None:
        self.rows: dict[Any, list[Row]] = defaultdict(list)

    def add(self, model: Any, **values: Any) -> Row:
        """One row; the dictionary may be changed until it is written."""
        self.rows[model].append(values)
        return values

    def write(self, session: Session) -> int:
        """Writes everything and forgets it; returns how many rows there were."""
        written = 0
        for model in ORDER:
            rows = self.rows.pop(model, None)
            if rows:
                _fill(rows)
                session.execute(insert(model), rows, execution_options={"render_nulls": True})
                written += len(rows)
        if self.rows:
            raise RuntimeError(f"no place in the order of writing: {sorted(model.__name__ for model in self.rows)}")
        return written


def _fill(rows: list[Row]) -> None:
    """Every row of one statement needs the same columns."""
    names: dict[str, None] = {}
    for row in rows:
        names.update(dict.fromkeys(row))
    for row in rows:
        if len(row) != len(names):
            for name in names:
                row.setdefault(name, None)
