"""Files that are handed over, in words: a name, and in one line what the receiver must know."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from caseapp.blueprints.http.filters import label, word
from caseapp.blueprints.http.people import age_of, case_title, late_by
from caseapp.core.text import _, ngettext
from caseapp.models.casework import Handover
from caseapp.queries.casework.handovers import Line
from caseapp.queries.organisation import villages, workers


class Words:
    """What a page says of lines, with the names of places and colleagues read once."""

    def __init__(self, lines: Sequence[Line], users: Iterable[UUID | None] = ()) -> None:
        self.places = villages.names(line.client.residence_code for line in lines if line.client is not None)
        self.people = workers.names([*users, *(line.row.worker_id for line in lines if line.row is not None)])

    def name(self, line: Line) -> str:
        """The person, or the case with its domain."""
        if line.case is not None:
            return _("%(case)s: %(domain)s", case=case_title(line.case), domain=label("domain", line.case.domain))
        return line.client.name if line.client is not None else _("A file that is not open to you")

    def about(self, line: Line, *, whose: bool = False) -> str:
        """Who it is, what is due, how many promises go along."""
        row, client, parts = line.row, line.client, []
        if row is None:
            return ""
        if line.case is None and client is not None:
            parts += [label("sex", client.sex), _("aged %(n)s", n=age_of(client)) if age_of(client) is not None else ""]
            parts += [self.places.get(client.residence_code or "", "")]
        elif line.case is not None:
            parts += [
                label("case_status", line.case.status),
                word("next_step", line.case.next_step) if line.case.next_step else "",
            ]
        parts += [label("risk", row.risk) if row.risk != "green" else "", late_by(row.next_visit_on) or ""]
        parts += [ngettext("%(num)s promise goes along", "%(num)s promises go along", len(line.tasks)) if line.tasks else ""]
        parts += [_("restricted file") if row.klass == "P3" else _("under 18") if row.klass == "minor" else ""]
        parts += [_("now with %(name)s", name=self.people.get(row.worker_id, _("nobody"))) if whose else ""]
        return _(", ").join(str(part) for part in parts if part)

    def choices(self, lines: Iterable[Line]) -> list[tuple[str, str]]:
        """Lines to be ticked."""
        return [(str(line.row.id), self.name(line)) for line in lines]

    def reasons(self, lines: Iterable[Line], *, whose: bool = False) -> dict[str, str]:
        """What is said under each."""
        return {str(line.row.id): self.about(line, whose=whose) for line in lines}

    def who(self, row: Handover) -> str:
        """From whom to whom."""
        before = self.people.get(row.from_id, "") if row.from_id else _("several colleagues")
        after = self.people.get(row.to_id, "") if row.to_id else _("several colleagues")
        return _("%(one)s → %(other)s", one=before, other=after)


def state_words(counts: dict[str, int]) -> list[tuple[str, str]]:
    """How the lines of a handover stand: (words, kind of badge)."""
    kinds = {"waiting": "careful", "accepted": "ok", "ordered": "ok", "declined": "stop"}
    order = ("waiting", "accepted", "ordered", "declined", "withdrawn", "fallen", "undone")
    return [(f"{label('handover_state', code)} {counts[code]}", kinds.get(code, "plain")) for code in order if counts.get(code)]


def names_of(rows: Iterable[Handover]) -> set[Any]:
    """The users whom frames name."""
    return {user for row in rows for user in (row.from_id, row.to_id, row.created_by_id)} - {None}
