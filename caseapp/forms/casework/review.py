"""Forms of reviews: asking, answering, commenting."""

from wtforms import BooleanField, HiddenField, TextAreaField

from caseapp.core.text import _l
from caseapp.forms.base import CommandForm, VersionedForm
from caseapp.forms.fields import Picks, words
from caseapp.schemas.casework.review import AskReviewSchema, CommentSchema, DecideSchema


class AskReviewForm(CommandForm):
    """Asks that somebody else looks at it."""

    schema = AskReviewSchema
    kind = Picks(_l("What shall be looked at"))
    note = TextAreaField(_l("What the reviewer should know"))

    def offer(self, kinds: tuple[str, ...]) -> None:
        """Fills in the choices."""
        self.kind.choices = words("review_kind", self.language(), kinds)


class DecideForm(VersionedForm):
    """The answer."""

    schema = DecideSchema
    text = TextAreaField(_l("What should change, or a word to the approval"))


class CommentForm(CommandForm):
    """A remark at a field."""

    schema = CommentSchema
    field = HiddenField()
    text = TextAreaField(_l("What should change"))
    review_id = HiddenField()
    reply_to_id = HiddenField()
    private = BooleanField(_l("Only the worker and I see this"))
