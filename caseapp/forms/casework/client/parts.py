"""Small forms around a person: documents, contacts, target groups, purposes, stays on file, filters."""

from collections.abc import Sequence
from typing import ClassVar

from wtforms import BooleanField, StringField

from caseapp import reference
from caseapp.core.text import _l
from caseapp.forms.base import CommandForm, FilterForm, VersionedForm
from caseapp.forms.casework.client.person import differences
from caseapp.forms.fields import Choice, Picks, with_blank, words
from caseapp.models.casework import Contact
from caseapp.schemas.base import CommandSchema
from caseapp.schemas.casework.client.enrolment import AssignWorkerSchema, EndEnrolmentSchema, EnrolSchema
from caseapp.schemas.casework.client.lists import ClientFilterSchema, SearchSchema
from caseapp.schemas.casework.client.parts import (
    AddRestrictedTagSchema,
    AddTagSchema,
    BreakGlassSchema,
    CancelTagSchema,
    ConfirmTagSchema,
    EndTagSchema,
    NamePersonSchema,
    OpenForPurposeSchema,
)
from caseapp.schemas.casework.client.person import PAPERS, ContactSchema, DocumentSchema


class DocumentForm(CommandForm):
    """One more document."""

    schema = DocumentSchema
    kind = Choice(_l("Document"), default="111")
    number = StringField(_l("Number of the document"))
    valid_to = StringField(_l("Valid until"))
    if_differs = Picks(_l("Birth date and sex: which is right"))

    def offer(self) -> None:
        """Fills in the choices."""
        self.kind.choices = words("document_kind", self.language(), PAPERS)
        self.if_differs.choices = differences()


class ContactForm(CommandForm):
    """A way to reach somebody."""

    schema = ContactSchema
    kind = Picks(_l("Kind of contact"))
    phone = StringField(_l("Phone number"))
    name = StringField(_l("Whose phone"))
    relation = Choice(_l("Relation"))
    is_emergency = BooleanField(_l("Call in an emergency"))
    note = StringField(_l("Remarks"))

    def offer(self) -> None:
        """Fills in the choices."""
        self.kind.choices = words("contact_kind", self.language())
        self.relation.choices = with_blank(words("relation", self.language()))

    def show(self, row: Contact) -> None:
        """Fills in what is known."""
        for name in ("kind", "phone", "name", "relation", "is_emergency", "note"):
            self[name].data = getattr(row, name)


class TagForm(CommandForm):
    """One more target group."""

    schema: ClassVar[type[CommandSchema]] = AddTagSchema
    code = Choice(_l("Target group"))
    status = Picks(_l("State"), default="confirmed")
    from_on = StringField(_l("Since"))
    to_on = StringField(_l("Until"))
    basis = StringField(_l("Basis: certificate, list, observation"))

    def offer(self) -> None:
        """Fills in the choices."""
        self.code.choices = with_blank(reference.group_choices(self.language()))
        self.status.choices = words("tag_status", self.language(), ("confirmed", "suspected"))


class EndTagForm(CommandForm):
    """A target group that no longer holds."""

    schema = EndTagSchema
    to_on = StringField(_l("Until"))
    reason = StringField(_l("Why it has ended"))


class ConfirmTagForm(CommandForm):
    """A suspected target group that holds."""

    schema = ConfirmTagSchema
    basis = StringField(_l("Basis: certificate, list, observation"))


class CancelTagForm(CommandForm):
    """A target group that never held."""

    schema = CancelTagSchema
    reason = StringField(_l("Why it never held"))


class RestrictedTagForm(TagForm):
    """A target group that lives with a restricted case."""

    schema = AddRestrictedTagSchema

    def offer(self) -> None:
        """Fills in the choices."""
        super().offer()
        closed = reference.group_choices(self.language(), restricted=True)
        self.code.choices = with_blank([choice for choice in closed if reference.target_groups()[choice[0]].klass == "P3"])


class PurposeForm(CommandForm):
    """Why a minor's file is opened."""

    schema = OpenForPurposeSchema
    purpose = Picks(_l("Purpose"))
    note = StringField(_l("More about the purpose"))

    def offer(self) -> None:
        """Fills in the choices."""
        self.purpose.choices = words("minor_purpose", self.language())


class BreakGlassForm(CommandForm):
    """A restricted file in an emergency."""

    schema = BreakGlassSchema
    refused = _l("Not opened")
    number = StringField(_l("Number of the file"), render_kw={"autocomplete": "off", "autocapitalize": "characters"})
    reason = Picks(_l("Why it cannot wait"))
    note = StringField(_l("What has happened"), description=_l("The head and the auditor read it. No names."))

    def offer(self) -> None:
        """Fills in the choices."""
        self.reason.choices = words("glass_reason", self.language())


class NamePersonForm(CommandForm):
    """Somebody named on a restricted file."""

    schema = NamePersonSchema
    user_id = Choice(_l("Colleague"))
    to_on = StringField(_l("Until"))

    def offer(self, people: Sequence[tuple[str, str]]) -> None:
        """Fills in the choices."""
        self.user_id.choices = with_blank(list(people))


class EnrolForm(CommandForm):
    """On file again."""

    schema = EnrolSchema
    from_on = StringField(_l("On file since"))
    worker_id = Choice(_l("Responsible worker"))


class AssignWorkerForm(VersionedForm):
    """Another responsible worker."""

    schema = AssignWorkerSchema
    worker_id = Choice(_l("Responsible worker"))


class EndEnrolmentForm(VersionedForm):
    """The end of a stay on file."""

    schema = EndEnrolmentSchema
    reason = Picks(_l("Reason"))
    to_on = StringField(_l("Day"))
    note = StringField(_l("Remarks"))

    def offer(self) -> None:
        """Fills in the choices."""
        self.reason.choices = words("enrolment_end", self.language())


class ClientFilterForm(FilterForm):
    """Filters of the client list."""

    schema = ClientFilterSchema
    village = Choice(_l("Village"))
    tag = Choice(_l("Target group"))
    worker = Choice(_l("Worker"))
    risk = Choice(_l("Risk"))
    state = Choice(_l("State"), default="on_file")
    order = Choice(_l("Order"), default="name")


class SearchForm(CommandForm):
    """What was typed to find a person."""

    schema = SearchSchema
    q = StringField(_l("Name, pinyin or initials, ID number, phone"))
