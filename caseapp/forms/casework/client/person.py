"""Registering a person and changing what is known: the same fields, in the order of form F1."""

from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, StringField, TextAreaField

from caseapp import reference
from caseapp.core.text import _, _l
from caseapp.forms.base import CommandForm, Version
from caseapp.forms.fields import Choice, Picks, Ticks, with_blank, words
from caseapp.models.casework import Client
from caseapp.schemas.casework.client.person import PAPERS, PERSON, EditClientSchema, RegisterClientSchema

CODED = {
    "ethnic": "ethnic",
    "education": "education",
    "marital": "marital",
    "registration": "registration",
    "registration_residence": "registration_residence",
    "living": "living",
    "self_care": "self_care",
    "health": "health",
    "disability_grade": "disability_grade",
    "income_source": "income_source",
}
FIRST_KINDS = ("own", "shared", "relay", "none")
SECOND_KINDS = ("relative", "neighbour", "relay", "shared")


def differences() -> list[tuple[str, str]]:
    """Whose birth date and sex count where the document says something else than what was typed."""
    return [("document", _("what the document says")), ("typed", _("what I typed"))]


class PersonForm(CommandForm):
    """What may be said of a person."""

    name = StringField(_l("Name"))
    other_names = StringField(_l("Other names"))
    is_unidentified = BooleanField(_l("Name not known"))
    features = TextAreaField(_l("Features: looks, clothes, where found"))
    sex = Picks(_l("Sex"))
    birth = StringField(_l("Birth date"))
    birth_estimated = BooleanField(_l("Estimated"))
    ethnic = Choice(_l("Ethnic group"))
    education = Choice(_l("Education"))
    marital = Choice(_l("Marital status"))
    registration = Choice(_l("Household registration"))
    registered_code = Choice(_l("Registered in"))
    registration_residence = Choice(_l("Registered and actual place"))
    residence_code = Choice(_l("Village or community"))
    address = StringField(_l("Address in the village"))
    living = Choice(_l("Living arrangement"))
    self_care = Choice(_l("Self-care"))
    health = Choice(_l("Health"))
    disability = Ticks(_l("Disability"))
    disability_grade = Choice(_l("Grade of disability"))
    income_source = Choice(_l("Main source of income"))
    benefits = Ticks(_l("Benefits received"))
    safe_contact = StringField(_l("How and when contact does no harm"))
    note = TextAreaField(_l("Remarks"))

    def offer(self, villages: Sequence[tuple[str, str]]) -> None:
        """Fills in the choices."""
        tag = self.language()
        self.sex.choices = words("sex", tag, ("1", "2", "0", "9"))
        for name, list_name in CODED.items():
            self[name].choices = with_blank(words(list_name, tag))
        for name in ("residence_code", "registered_code"):
            self[name].choices = [("", _("Please choose")), *villages, *_kept(self[name].data, villages)]
        self.disability.choices = words("disability_kind", tag)
        self.benefits.choices = words("benefit", tag)


class RegisterForm(PersonForm):
    """A new person on file."""

    schema = RegisterClientSchema
    document_kind = Choice(_l("Document"), default="111")
    document_number = StringField(_l("Number of the document"))
    no_document_reason = Choice(_l("Why there is no document"))
    document_if_differs = Picks(_l("Birth date and sex: which is right"))
    contact_kind = Picks(_l("Phone"))
    contact_phone = StringField(_l("Phone number"))
    contact_name = StringField(_l("Whose phone"))
    emergency_kind = Picks(_l("Who can be called in an emergency"))
    emergency_phone = StringField(_l("Phone number"))
    emergency_name = StringField(_l("Name"))
    emergency_relation = Choice(_l("Relation"))
    tags = Ticks(_l("Target groups"))
    worker_id = Choice(_l("Responsible worker"))
    organisation_id = Choice(_l("Station or service point"))
    from_on = StringField(_l("On file since"))

    def offer_all(
        self, villages: Sequence[tuple[str, str]], workers: Sequence[tuple[str, str]], places: Sequence[tuple[str, str]]
    ) -> None:
        """Fills in the choices."""
        self.offer(villages)
        tag = self.language()
        self.document_kind.choices = words("document_kind", tag, PAPERS)
        self.no_document_reason.choices = with_blank(words("no_document_reason", tag))
        self.document_if_differs.choices = differences()
        self.contact_kind.choices = words("contact_kind", tag, FIRST_KINDS)
        self.emergency_kind.choices = words("contact_kind", tag, SECOND_KINDS)
        self.emergency_relation.choices = with_blank(words("relation", tag))
        self.tags.choices = reference.group_choices(tag)
        self.worker_id.choices = list(workers)
        self.organisation_id.choices = list(places)

    def values(self) -> dict[str, Any]:
        """The document and the contacts as the schema wants them; empty ones are left out."""
        found = super().values()
        found.pop("document", None)
        if self.document_number.data:
            found["document"] = {"kind": self.document_kind.data or "111", "number": self.document_number.data}
            if self.document_if_differs.data:
                found["document"]["if_differs"] = self.document_if_differs.data
            found.pop("no_document_reason", None)
        self.contact_places = []
        found["contacts"] = []
        for start, emergency in (("contact", False), ("emergency", True)):
            kind, phone, name = (self[f"{start}_{part}"].data or "" for part in ("kind", "phone", "name"))
            if not (kind or phone or name):
                continue
            given = {"kind": kind or ("relative" if emergency else "own"), "is_emergency": emergency}
            given |= {key: value for key, value in (("phone", phone), ("name", name)) if value}
            if emergency and self.emergency_relation.data:
                given["relation"] = self.emergency_relation.data
            self.contact_places.append(start)
            found["contacts"].append(given)
        return found

    def lay(self, messages: dict[str, Any]) -> None:
        """Puts messages about the document and the contacts at the fields they came from."""
        found = dict(messages)
        if isinstance(found.get("document"), dict):
            for part, said in found.pop("document").items():
                found[f"document_{part}"] = said
        if isinstance(found.get("contacts"), dict):
            for place, parts in found.pop("contacts").items():
                start = self.contact_places[int(place)]
                found |= {f"{start}_{part}": said for part, said in parts.items()}
        elif "contacts" in found:
            found["contact_phone"] = found.pop("contacts")
        super().lay(found)


class EditForm(PersonForm):
    """What is known, put right; an emptied field is a change too."""

    schema = EditClientSchema
    version = Version()

    def show(self, client: Client) -> None:
        """Fills in what is known."""
        for name in PERSON:
            if name == "disability":
                self.disability.data = (client.disability or "").split(",") if client.disability else []
            elif name == "benefits":
                self.benefits.data = list(client.benefits or [])
            else:
                self[name].data = getattr(client, name)
        self.birth.data = birth_text(client)
        self.birth_estimated.data = client.birth_precision == "estimate"
        self.version.data = client.version

    def values(self) -> dict[str, Any]:
        """Every field, empty ones too."""
        known = self.schema().fields
        found = {name: field.data for name, field in self._fields.items() if name in known}
        found["disability"] = [kind for kind in self.disability.data or [] if kind]
        found["benefits"] = self.benefits.data or []
        return {name: None if value == "" else value for name, value in found.items()}


def birth_text(client: Client) -> str:
    """The birth date as it was typed: whole, or as much as is known."""
    if client.birth_on is None:
        return ""
    cut = {"month": 7, "year": 4}.get(client.birth_precision, 10)
    return client.birth_on.isoformat()[:cut]


def _kept(code: str | None, villages: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """A place outside the own township that is stored already stays choosable."""
    return [(code, code)] if code and code not in {known for known, _name in villages} else []
