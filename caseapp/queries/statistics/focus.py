"""What the county of an area stresses: key items, key groups, its brand. A setting of the county, so that each day has its own."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from caseapp.extensions import db
from caseapp.models.organisation import Organisation
from caseapp.queries.organisation.settings import At

NAME = "statistics.focus"


@dataclass(frozen=True)
class Focus:
    """What is stressed; `version` counts the changes."""

    items: tuple[str, ...]
    groups: tuple[str, ...]
    brand: str | None
    brand_text: str | None
    version: int

    def __bool__(self) -> bool:
        return bool(self.items or self.groups or self.brand)


def at(path: str) -> Focus:
    """What holds at a place: that of the nearest organisation that set one."""
    value: dict[str, Any] = At(path)[NAME]
    return Focus(
        tuple(value.get("items", ())),
        tuple(value.get("groups", ())),
        value.get("brand"),
        value.get("brand_text"),
        value.get("version", 0),
    )


def of_place(code: str) -> Focus:
    """What holds at a published area, by its code; an area of several lies in the one its code begins with."""
    path = db.session.scalar(
        select(Organisation.path)
        .where(Organisation.division_code == code.partition("-")[0], Organisation.kind.not_in(("station", "service_point")))
        .order_by(Organisation.path)
        .limit(1)
    )
    return at(path or "/")
