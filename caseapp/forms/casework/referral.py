"""Forms of referrals: writing one, answering, ending, the receipt from outside, the register of outside bodies."""

from typing import Any

from wtforms import BooleanField, HiddenField, StringField, TextAreaField
from wtforms.validators import Optional

from caseapp.core.text import _, _l
from caseapp.forms.base import CommandForm, Version, VersionedForm
from caseapp.forms.fields import Choice, CodeChoice, CodePicks, CodeTicks, Picks, with_blank, words
from caseapp.models.casework import Referral, ReferralRequest
from caseapp.schemas.casework.referral.answer import (
    AcceptSchema,
    AssignSchema,
    LetGoSchema,
    ReceiptSchema,
    RejectSchema,
    SendSchema,
    TellSchema,
    VersionSchema,
)
from caseapp.schemas.casework.referral.body import WriteBodySchema
from caseapp.schemas.casework.referral.write import WriteReferralSchema

OF_ROW = ("kind", "urgency", "to_domain", "version")
IDS = ("to_station_id", "body_id")


class WriteReferralForm(CommandForm):
    """Where to, why, what goes along, on what ground; without a version as long as there is no draft."""

    schema = WriteReferralSchema
    version = Version(validators=[Optional()])
    kind = Picks(_l("Where to"), default="station")
    to_station_id = Choice(_l("Station"))
    body_id = Choice(_l("Outside body"))
    to_domain = Choice(_l("Service domain"))
    urgency = CodePicks(_l("Urgency"), codes="urgency", default="ordinary")
    reason = TextAreaField(_l("Why the person is referred"))
    need = TextAreaField(_l("What is asked of the receiver"))
    papers = StringField(_l("Papers that go along"))
    sections = CodeTicks(_l("What is handed over"), codes="referral_section")
    basis = CodePicks(_l("Lawful ground for handing it over"), codes="consent_basis", default="consent")
    signer = CodePicks(_l("Who agreed"), codes="consent_signer", default="self")
    signer_name = StringField(_l("Name of the guardian"))
    signer_relation = CodeChoice(_l("Relation of the guardian"), codes="relation")
    child_heard = Picks(_l("Was the child asked too"))
    channel = CodePicks(_l("How"), codes="consent_channel", default="paper")
    paper_place = StringField(_l("Where the signed paper lies"))
    signed_on = StringField(_l("Day"))
    case_goes = BooleanField(_l("The case goes with it: once taken in, it ends here"))
    moves = BooleanField(_l("The person moves there: the stay on file here ends too"))

    def offer(self, kinds: list[str], domains: list[str], stations: list[Any], bodies: list[Any]) -> None:
        """Fills in the receivers that there are."""
        language = self.language()
        self.kind.choices = words("referral_kind", language, kinds)
        self.to_domain.choices = with_blank(words("domain", language, domains))
        self.to_station_id.choices = with_blank([(str(row.id), row.short_name) for row in stations])
        self.body_id.choices = with_blank([(str(row.id), row.name) for row in bodies])
        self.child_heard.choices = [("true", _("yes")), ("false", _("no"))]

    def show(self, row: Referral, request: ReferralRequest) -> None:
        """The draft as it stands."""
        for name in OF_ROW:
            self._fields[name].data = getattr(row, name)
        for name in IDS:
            self._fields[name].data = str(getattr(row, name) or "")
        for name in self.schema().fields:
            if name not in (*OF_ROW, *IDS):
                self._fields[name].data = getattr(request, name)
        self.signed_on.data = request.signed_on.isoformat()
        self.child_heard.data = None if request.child_heard is None else str(request.child_heard).lower()

    def values(self) -> dict[str, Any]:
        """Only the receiver of the chosen kind: the others may still hold what was looked at first."""
        found = super().values()
        needed = {"station": ("to_station_id", "to_domain"), "outside": ("body_id",), "domain": ("to_domain",)}
        for name in {"to_station_id", "body_id", "to_domain"} - set(needed.get(str(found.get("kind")), ())):
            found.pop(name, None)
        return found


class SendForm(VersionedForm):
    """Sends what is shown, or says that it may leave."""

    schema = SendSchema
    digest = HiddenField()


class AcceptForm(VersionedForm):
    """Takes the person in."""

    schema = AcceptSchema
    worker_id = Choice(_l("Responsible worker"))
    client_id = Picks(_l("A person with this number is on file here. The same person?"))
    open_case = BooleanField(_l("Open a case"), default=True)
    domain = Choice(_l("Service domain"))
    note = TextAreaField(_l("A word to the sender"))

    def values(self) -> dict[str, Any]:
        """An unticked box means no case."""
        return super().values() | {"open_case": bool(self.open_case.data)}


class RejectForm(VersionedForm):
    """Turns it down."""

    schema = RejectSchema
    reason = CodePicks(_l("Reason"), codes="referral_reject")
    note = TextAreaField(_l("A word to the sender"))


class TellForm(VersionedForm):
    """Words to the other side, of a day."""

    schema = TellSchema
    text = TextAreaField(_l("What has been done, how the person is"))
    happened_on = StringField(_l("Day"))


class NoteForm(VersionedForm):
    """Words that may be left out."""

    schema = VersionSchema
    text = TextAreaField(_l("A word to the receiver"))


class GiveForm(VersionedForm):
    """To whom of the station a referral is given."""

    schema = AssignSchema
    worker_id = Choice(_l("Worker"))


class LetGoForm(VersionedForm):
    """The case goes with the referral."""

    schema = LetGoSchema
    end_stay = BooleanField(_l("The stay on file here ends too (moved away)"))
    note = TextAreaField(_l("Remarks"))


class ReceiptForm(VersionedForm):
    """What an outside body answered."""

    schema = ReceiptSchema
    taken = Picks(_l("Does the body take the person in"))
    reason = CodeChoice(_l("If not, why"), codes="referral_reject")
    who = StringField(_l("Who said so"))
    happened_on = StringField(_l("Day"))
    channel = CodePicks(_l("How"), codes="receipt_channel")
    text = TextAreaField(_l("What was arranged"))

    def offer(self) -> None:
        """Yes or no."""
        self.taken.choices = [("true", _("yes")), ("false", _("no"))]


class BodyForm(CommandForm):
    """An outside body."""

    schema = WriteBodySchema
    version = Version(validators=[Optional()])
    kind = CodeChoice(_l("Kind"), codes="body_kind")
    name = StringField(_l("Name"))
    address = StringField(_l("Address"))
    phone = StringField(_l("Phone"))
    contact = StringField(_l("Whom to ask for"))
    note = StringField(_l("Remarks"))
    is_active = BooleanField(_l("We refer people there"), default=True)

    def values(self) -> dict[str, Any]:
        """An unticked box means that nobody is referred there any more."""
        return super().values() | {"is_active": bool(self.is_active.data)}
