"""The form of what a county stresses."""

from typing import Any

from wtforms import StringField

from caseapp import reference
from caseapp.core.text import _l
from caseapp.forms.base import CommandForm, Version
from caseapp.forms.fields import Ticks
from caseapp.schemas.statistics.focus import SetFocusSchema


class SetFocusForm(CommandForm):
    """Key items and groups as check boxes, the brand in words."""

    schema = SetFocusSchema
    version = Version()
    items = Ticks(_l("Key service items"))
    groups = Ticks(_l("Key target groups"))
    brand = StringField(_l("Name of the local brand"))
    brand_text = StringField(_l("What the brand is about"))

    def __init__(self, *arguments: Any, **values: Any) -> None:
        super().__init__(*arguments, **values)
        self["items"].choices = [(item.code, f"{item.code} {item.label(self.language())}") for item in reference.catalogue()]
        self["groups"].choices = reference.group_choices(self.language())
