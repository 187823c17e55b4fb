"""The form of how far the villages of a station lie."""

from wtforms.fields.choices import SelectChoice

from caseapp.core.text import _l
from caseapp.forms.base import CommandForm, Version
from caseapp.forms.fields import Ticks
from caseapp.schemas.organisation.distances import SetDistancesSchema


class SetDistancesForm(CommandForm):
    """Far and remote villages as check boxes."""

    schema = SetDistancesSchema
    version = Version()
    far = Ticks(_l("Far villages"))
    remote = Ticks(_l("Remote villages"))

    def offer(self, villages: list[tuple[str, str]]) -> None:
        """Fills in the choices."""
        self.far.choices = [SelectChoice(code, name) for code, name in villages]
        self.remote.choices = [SelectChoice(code, name) for code, name in villages]
