"""Forms of consent: the scopes ticked one by one, who signed, where the paper lies."""

from wtforms import BooleanField, StringField

from caseapp.core.text import _, _l
from caseapp.forms.base import CommandForm, VersionedForm
from caseapp.forms.fields import Choice, Picks, Ticks, with_blank, words
from caseapp.schemas.casework.consent import RecordConsentSchema, RefuseItemSchema, WithdrawConsentSchema


class ConsentForm(CommandForm):
    """Records a consent or another ground."""

    schema = RecordConsentSchema
    basis = Picks(_l("Lawful ground"), default="consent")
    scopes = Ticks(_l("What was agreed to"))
    signer = Picks(_l("Who signed"), default="self")
    signer_name = StringField(_l("Name of the guardian"))
    signer_relation = Choice(_l("Relation of the guardian"))
    child_heard = Picks(_l("Was the child asked too"))
    channel = Picks(_l("How"), default="paper")
    language = Picks(_l("Language of the text"), default="zh")
    read_aloud = BooleanField(_l("The text was read aloud"))
    paper_place = StringField(_l("Where the signed paper lies"))
    signed_on = StringField(_l("Day"))

    def offer(self, *, minor: bool = False) -> None:
        """Fills in the choices; what only a child's guardian can agree to is asked for a child only."""
        tag = self.language_tag()
        self.basis.choices = words("consent_basis", tag)
        self.scopes.choices = [(code, text) for code, text in words("consent_scope", tag) if minor or code != "minor_data"]
        self.signer.choices = words("consent_signer", tag)
        self.signer_relation.choices = with_blank(words("relation", tag))
        self.child_heard.choices = [("true", _("yes")), ("false", _("no"))]
        self.channel.choices = words("consent_channel", tag)
        self._fields["language"].choices = [("zh", _("Chinese")), ("en", _("English"))]

    def language_tag(self) -> str:
        """The reader's language; the field of that name is the language of the text."""
        return CommandForm.language(self)


class WithdrawForm(VersionedForm):
    """A consent taken back."""

    schema = WithdrawConsentSchema
    withdrawn_on = StringField(_l("Day"))
    note = StringField(_l("Remarks"))


class RefusedForm(CommandForm):
    """What the person did not want to give."""

    schema = RefuseItemSchema
    items = Ticks(_l("Did not want to give"))

    def offer(self) -> None:
        """Fills in the choices."""
        self.items.choices = words("refused_item", self.language())
