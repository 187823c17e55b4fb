"""The value of a setting at a place on a day: the nearest organisation that set one, else the default of `reference`."""

from datetime import date
from typing import Any

from sqlalchemy import select

from caseapp import reference
from caseapp.core import clock
from caseapp.extensions import db
from caseapp.models.organisation import Organisation, Setting


def values_at(path: str, day: date | None = None) -> dict[str, Any]:
    """Every overridden setting at a place: one statement; names that nobody set are absent."""
    steps = path.strip("/").split("/")
    paths = ["/" + "/".join(steps[:n]) + "/" for n in range(1, len(steps) + 1)]
    query = (
        select(Setting.name, Setting.value)
        .join(Organisation, Organisation.id == Setting.organisation_id)
        .where(Organisation.path.in_(paths), Setting.from_on <= (day or clock.today()))
        .order_by(Organisation.path, Setting.from_on)  # the nearest place and the latest day come last and win
    )
    return {row.name: row.value for row in db.session.execute(query)}


class At:
    """Settings of one place, read once."""

    def __init__(self, path: str) -> None:
        self._values = values_at(path)

    def __getitem__(self, name: str) -> Any:
        """The value in force; KeyError for a name that is no setting."""
        default = reference.default(name)
        return self._values.get(name, default)
