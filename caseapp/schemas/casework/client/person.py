"""Registering a person and changing what is known; which number fits which document is judged by the service."""

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from caseapp import reference
from caseapp.core.text import _l
from caseapp.schemas.base import CommandSchema, Line, Text, WholeInt
from caseapp.schemas.casework.client.parts import open_tag
from caseapp.schemas.values import Birth, Coded, Day, DivisionCode, PartialBirth, PersonName, optional_code

MOST_CONTACTS = 8
DIFFERENCES = ("document", "typed")  # whose birth date and sex count
PAPERS = tuple(code.code for code in reference.codes("document_kind") if code.facts.get("check") != "none")


class Disability(Line):
    """Kinds of disability: digits of GB/T 26341-2010 with commas between, or a list of them."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Any:
        kinds = value if isinstance(value, list) else [k.strip() for k in str(value or "").split(",") if k.strip()]
        known = reference.codes("disability_kind")
        if any(not isinstance(kind, str) or not known.valid(kind) for kind in kinds):
            raise ValidationError([_l("Choose one of the answers offered.")])
        return ",".join(dict.fromkeys(kinds)) or None


class PersonFields(CommandSchema):
    """What may be said of a person; everything but name and sex is optional."""

    name = PersonName(load_default=None, allow_none=True)
    other_names = Line(most=120, load_default=None, allow_none=True)
    is_unidentified = fields.Boolean(load_default=False)
    sex = Coded("sex", load_default=None, allow_none=True)
    birth = PartialBirth(load_default=None, allow_none=True)
    birth_estimated = fields.Boolean(load_default=False)
    ethnic = optional_code("ethnic")
    education = optional_code("education")
    marital = optional_code("marital")
    registration = optional_code("registration")
    registered_code = DivisionCode()
    registration_residence = optional_code("registration_residence")
    residence_code = DivisionCode()
    address = Line(most=200, load_default=None, allow_none=True)
    living = optional_code("living")
    self_care = optional_code("self_care")
    health = optional_code("health")
    disability = Disability(most=60, load_default=None, allow_none=True)
    disability_grade = optional_code("disability_grade")
    income_source = optional_code("income_source")
    benefits = fields.List(Coded("benefit"), load_default=None, allow_none=True, validate=validate.Length(max=20))
    safe_contact = Line(most=200, load_default=None, allow_none=True)
    note = Text(most=2000, load_default=None, allow_none=True)
    features = Text(most=1000, load_default=None, allow_none=True)


PERSON = tuple(name for name in PersonFields().fields if name not in ("birth", "birth_estimated"))


@dataclass(frozen=True)
class DocumentInput:
    """A document as it was read off: kind and number; `if_differs` answers whose birth date and sex are right, the
    document's or what was typed, where the two are not the same."""

    kind: str
    number: str
    valid_to: date | None = None
    if_differs: str | None = None


@dataclass(frozen=True)
class ContactInput:
    """A way to reach somebody."""

    kind: str
    phone: str | None = None
    name: str | None = None
    relation: str | None = None
    is_emergency: bool = False
    note: str | None = None


@dataclass(frozen=True)
class RegisterClient:
    """A new person on file: what is known (`person`, names as in the model), document or why there is none, contacts, tags."""

    person: dict[str, Any]
    birth: Birth
    from_on: date | None = None
    organisation_id: UUID | None = None
    worker_id: UUID | None = None
    document: DocumentInput | None = None
    no_document_reason: str | None = None
    contacts: tuple[ContactInput, ...] = ()
    tags: tuple[str, ...] = ()
    is_minor: bool = False  # seen to be under age where the birth is not known


@dataclass(frozen=True)
class EditClient:
    """Changes of what is known: only the members that were given; the version they were made from."""

    changes: dict[str, Any]
    version: int
    birth: Birth | None = None


class DocumentSchema(CommandSchema):
    """Loads to DocumentInput."""

    makes = DocumentInput
    kind = Coded("document_kind", only=PAPERS, required=True)
    number = Line(required=True, most=40)
    valid_to = Day(past=False, load_default=None, allow_none=True)
    if_differs = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.OneOf(DIFFERENCES, error=_l("Choose one of the answers offered.")),
    )


class ContactSchema(CommandSchema):
    """Loads to ContactInput: a phone unless there is none or somebody passes things on."""

    makes = ContactInput
    kind = Coded("contact_kind", required=True)
    phone = Line(most=40, load_default=None, allow_none=True)
    name = Line(most=60, load_default=None, allow_none=True)
    relation = optional_code("relation")
    is_emergency = fields.Boolean(load_default=False)
    note = Line(most=200, load_default=None, allow_none=True)

    @validates_schema
    def _phone_or_none(self, data: dict[str, Any], **_more: Any) -> None:
        if data["kind"] in ("own", "shared", "relative", "neighbour") and not data["phone"]:
            raise ValidationError(_l("Please give a phone number, or choose that there is none."), "phone")
        if data["kind"] == "none" and data["phone"]:
            raise ValidationError(_l("You chose that there is no phone; clear the number or choose another kind."), "phone")
        if data["kind"] in ("relative", "neighbour", "relay") and not data["name"]:
            raise ValidationError(_l("Please say whose phone this is."), "name")


def birth_of(data: dict[str, Any]) -> Birth:
    """The birth as it is stored: an estimate keeps its first day."""
    birth: Birth | None = data.get("birth")
    if birth is None:
        return Birth(None, "unknown")
    return Birth(birth.on, "estimate" if data.get("birth_estimated") else birth.precision)


def name_or_features(data: dict[str, Any]) -> None:
    """Somebody without a known name is told by features."""
    if data.get("is_unidentified"):
        if not data.get("features"):
            raise ValidationError(_l("Describe a person without a name: features, clothes, where found."), "features")
    elif not data.get("name"):
        raise ValidationError(_l("Please give the name."), "name")


class RegisterClientSchema(PersonFields):
    """Loads to RegisterClient."""

    makes: ClassVar[type | None] = None
    from_on = Day(load_default=None, allow_none=True)
    organisation_id = fields.UUID(load_default=None, allow_none=True)
    worker_id = fields.UUID(load_default=None, allow_none=True)
    document = fields.Nested(DocumentSchema, load_default=None, allow_none=True)
    no_document_reason = optional_code("no_document_reason")
    contacts = fields.List(fields.Nested(ContactSchema), load_default=list, validate=validate.Length(max=MOST_CONTACTS))
    tags = fields.List(fields.String(validate=open_tag), load_default=list, validate=validate.Length(max=20))

    @validates_schema
    def _enough(self, data: dict[str, Any], **_more: Any) -> None:
        name_or_features(data)
        if data.get("sex") is None:
            raise ValidationError(_l("Please choose the sex as it stands in the document."), "sex")
        if data.get("document") is None and data.get("no_document_reason") is None:
            raise ValidationError(_l("Give a document, or say why there is none."), "no_document_reason")

    @post_load
    def _made(self, data: dict[str, Any], **_more: Any) -> RegisterClient:
        return RegisterClient(
            person={name: data[name] for name in PERSON if data.get(name) is not None},
            birth=birth_of(data),
            from_on=data["from_on"],
            organisation_id=data["organisation_id"],
            worker_id=data["worker_id"],
            document=data["document"],
            no_document_reason=data["no_document_reason"] if data["document"] is None else None,
            contacts=tuple(data["contacts"]),
            tags=tuple(dict.fromkeys(data["tags"])),
        )


class EditClientSchema(PersonFields):
    """Loads to EditClient; members left out stay as they are."""

    makes: ClassVar[type | None] = None
    version = WholeInt(required=True)

    @validates_schema(pass_original=True)
    def _still_named(self, data: dict[str, Any], given: Any, **_more: Any) -> None:
        if "name" in given and not data.get("name") and not data.get("is_unidentified"):
            raise ValidationError(_l("Please give the name."), "name")
        if "sex" in given and data.get("sex") is None:
            raise ValidationError(_l("Please choose the sex as it stands in the document."), "sex")

    @post_load(pass_original=True)
    def _made(self, data: dict[str, Any], given: Any, **_more: Any) -> EditClient:
        return EditClient(
            changes={name: data[name] for name in PERSON if name in given},
            version=data["version"],
            birth=birth_of(data) if "birth" in given else None,
        )
