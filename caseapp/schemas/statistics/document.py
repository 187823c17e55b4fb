"""Input of a document that is drafted from figures: the bureau's own text, part by part (S-6.13 yearly report, S-7.7 circular)."""

from dataclasses import dataclass

from caseapp.schemas.base import CommandSchema, Line, Text, WholeInt

YEARLY, CIRCULAR = "yearly", "circular"
PARTS = {  # kind → its parts in order; of each the bureau may say something of its own
    YEARLY: ("opening", "persons", "work", "cases", "areas", "problems", "plan"),
    CIRCULAR: ("opening", "progress", "areas", "late", "practice", "demands"),
}
MOST = 3000  # letters in a part


@dataclass(frozen=True)
class WriteDocument:
    """The own text as it shall be from now on; what is empty is left out of the document."""

    version: int
    number: str | None = None
    recipients: str | None = None
    opening: str | None = None
    persons: str | None = None
    work: str | None = None
    cases: str | None = None
    areas: str | None = None
    problems: str | None = None
    plan: str | None = None
    progress: str | None = None
    late: str | None = None
    practice: str | None = None
    demands: str | None = None

    def words(self, kind: str) -> dict[str, str]:
        """Part → text, of the parts that a kind has."""
        return {part: text for part in PARTS[kind] if (text := getattr(self, part))}


class WriteDocumentSchema(CommandSchema):
    """Loads to WriteDocument."""

    makes = WriteDocument
    version = WholeInt(required=True)
    number = Line(most=60, load_default=None)
    recipients = Line(most=200, load_default=None)
    opening = Text(most=MOST, load_default=None)
    persons = Text(most=MOST, load_default=None)
    work = Text(most=MOST, load_default=None)
    cases = Text(most=MOST, load_default=None)
    areas = Text(most=MOST, load_default=None)
    problems = Text(most=MOST, load_default=None)
    plan = Text(most=MOST, load_default=None)
    progress = Text(most=MOST, load_default=None)
    late = Text(most=MOST, load_default=None)
    practice = Text(most=MOST, load_default=None)
    demands = Text(most=MOST, load_default=None)
