"""Two records in words, field by field."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from caseapp.blueprints.http.filters import label
from caseapp.blueprints.http.people import birth_words
from caseapp.core.text import _, _l
from caseapp.extensions import db
from caseapp.models.casework import Client, Household
from caseapp.queries.casework.clients import merging
from caseapp.queries.organisation import villages, workers

FIELDS = {
    "name": _l("Name"),
    "sex": _l("Sex"),
    "birth": _l("Birth"),
    "worker_id": _l("Responsible worker"),
    "residence_code": _l("Village"),
    "address": _l("Address"),
    "living": _l("Living arrangement"),
    "self_care": _l("Self-care"),
    "health": _l("Health"),
    "disability": _l("Disability"),
    "income_source": _l("Main source of income"),
    "benefits": _l("Benefits received"),
    "ethnic": _l("Ethnic group"),
    "education": _l("Education"),
    "marital": _l("Marital status"),
    "registration": _l("Household registration"),
    "registered_code": _l("Registered in"),
    "registration_residence": _l("Registered and living"),
    "household_id": _l("Household"),
    "safe_contact": _l("Safe contact"),
    "features": _l("Features"),
}
REASONS = {
    "paper": _l("same document"),
    "phone": _l("same phone"),
    "name": _l("same name"),
    "sound": _l("name sounds the same"),
    "birth": _l("same birth date"),
    "birth_swapped": _l("day and month of birth the other way round"),
    "birth_near": _l("birth date differs in one part"),
    "birth_year": _l("born about the same year"),
    "village": _l("same village"),
}
CHINESE = frozenset(
    {"name", "worker_id", "residence_code", "registered_code", "address", "household_id", "safe_contact", "features"}
)


class Words:
    """What two records say, with the names of places, workers and households read once."""

    def __init__(self, people: Iterable[Client]) -> None:
        both = list(people)
        self.places = villages.names({code for row in both for code in (row.residence_code, row.registered_code)})
        self.workers = workers.names({row.worker_id for row in both})
        homes = {row.household_id for row in both if row.household_id}
        query = select(Household).where(Household.id.in_(sorted(homes)))
        self.homes: dict[UUID, str] = {row.id: row.name for row in db.session.scalars(query)} if homes else {}

    def of(self, client: Client, code: str) -> str:
        """One field of a record in words; empty where nothing is known."""
        value = merging.value_of(client, code)
        if merging.is_empty(value) and code != "sex":
            return ""
        if code == "birth":
            return birth_words(client)
        if code in ("residence_code", "registered_code"):
            return self.places.get(value, "")
        if code == "worker_id":
            return self.workers.get(value, "")
        if code == "household_id":
            return self.homes.get(value, "")
        if code == "benefits":
            return _(", ").join(label("benefit", one) for one in value)
        if code == "disability":
            kinds = _(", ").join(label("disability_kind", one) for one in (value[0] or "").split(",") if one)
            return _(", ").join(part for part in (kinds, label("disability_grade", value[1])) if part)
        if code in ("name", "address", "safe_contact", "features"):
            return str(value)
        return label(code, value)
