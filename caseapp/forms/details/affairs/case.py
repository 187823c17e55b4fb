"""The typed part of a case of social affairs as a form."""

from typing import Any

from wtforms import TextAreaField

from caseapp import reference
from caseapp.core.text import _l
from caseapp.forms.details.base import DetailForm
from caseapp.forms.fields import CodePicks
from caseapp.schemas.details.affairs import AffairsSchema


class KindPicks(CodePicks):
    """Kinds with their matter, so that a page can show those of the chosen one; restricted ones stand out."""

    def __init__(self, label: Any = None, **more: Any) -> None:
        super().__init__(label, codes="affairs_kind", **more)
        known, offered = reference.codes("affairs_kind"), list(self.choices)
        told: list[Any] = [(code, words, _facts(known.get(code))) for code, words in offered]
        self.choices = told


def _facts(entry: Any) -> dict[str, str]:
    return {"data-matter": entry.facts["matter"]} | ({"data-careful": "1"} if entry.klass == "P3" else {})


class AffairsForm(DetailForm):
    """Matter and kind are asked when the case is opened; needs and strengths later."""

    schema = AffairsSchema
    matter = CodePicks(_l("What is it about"), codes="affairs_matter")
    kind = KindPicks(_l("Which kind"))
    needs = TextAreaField(_l("Problems and needs"))
    strengths = TextAreaField(_l("Strengths and resources"))
