"""A talk about a funeral as a form."""

from collections.abc import Sequence

from wtforms import BooleanField, StringField, TextAreaField

from caseapp import reference
from caseapp.core.text import _l
from caseapp.forms.base import CommandForm
from caseapp.forms.fields import Choice, CodeChoice, CodePicks, CodeTicks, words
from caseapp.schemas.details.affairs.funerals import ITEMS, KINDS, FuneralAdviceSchema


class FuneralAdviceForm(CommandForm):
    """What was asked, and whether grief is followed up."""

    schema = FuneralAdviceSchema
    client_id = StringField()
    case_id = StringField()
    kind = CodePicks(_l("Which kind"), codes="affairs_kind")
    item = Choice(_l("What was done"), default="E2.3")
    happened_on = StringField(_l("Day"))
    channel = CodeChoice(_l("How"), codes="consultation_channel")
    minutes = StringField(_l("How long it took"))
    relation = CodeChoice(_l("Who asks: relation to the one who died"), codes="relation")
    subsidies = CodeTicks(_l("Subsidies asked about"), codes="affairs_funeral_subsidy")
    grief = BooleanField(_l("Follow up the grief"))
    note = TextAreaField(_l("What was said"))

    def offer(self) -> None:
        """The kinds and items of funerals."""
        tag = self.language()
        self.kind.choices = words("affairs_kind", tag, KINDS)
        self.item.choices = _items(tag, ITEMS)


def _items(tag: str, codes: Sequence[str]) -> list[tuple[str, str]]:
    catalogue = reference.catalogue()
    return [(code, catalogue.label(code, tag)) for code in codes]
