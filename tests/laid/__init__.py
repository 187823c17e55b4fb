"""One row of every kind for every place of the tests: real ids by the names that routes give their arguments.

Riverside, Hillside and Faraway have an ordinary person each; "twin" is a second ordinary person of Riverside, "restricted" a
P3 file and "minor" the file of a child there, all Bo's. A route with an argument that `Laid.value` does not know fails the
house tests: whoever adds the route lays a row here.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from caseapp.access.system import system_session
from caseapp.core import clock
from caseapp.models import casework as c
from caseapp.models import statistics as s
from tests import rows
from tests.cast import Cast
from tests.laid import (
    accounts,
    affairs,
    assistance,
    cases,
    children,
    extracts,
    figures,
    governance,
    own,
    passing,
    people,
    referrals,
    twice,
)

PLACES = {  # place: (station, worker, class, the officer whose export belongs to it)
    "Riverside": ("Riverside", "bo", "P2", "cora"),
    "twin": ("Riverside", "bo", "P2", "cyr"),
    "restricted": ("Riverside", "bo", "P3", "cyr"),
    "minor": ("Riverside", "bo", "minor", "cyr"),
    "Hillside": ("Hillside", "eve", "P2", "oto"),
    "Faraway": ("Faraway", "far", "P2", "oto"),
}
STAGES = {  # the stage in which a case is open to the verb of an endpoint; "serving" for all others
    "accept": "intake",
    "decline": "intake",
    "plan": "assessing",
    "serve": "planning",
    "edit_plan": "planning",
    "close": "evaluating",
    "ask_closing": "evaluating",
    "resume": "evaluating",
    "follow_up": "closed",
    "reopen": "closed",
    "archive": "follow_up",
}
WORDS = {  # arguments that are no ids
    "instrument": "gbt42195",
    "name": "evaluate",
    "number": "0f1e2d3c4b5a",
    "table": "on_file_age",
    "tag": "zh",
    "what": "address",
}
FIRST = "elderly"  # whose cases the calls of the API and the visits are about
OWN = {  # a domain that is not here has no case
    "assistance": assistance.lay,
    "children": children.lay,
    "governance": governance.lay,
    "affairs": affairs.lay,
}
WORDS_OF = {  # the same where one route wants another; of a whole blueprint where no action is named
    "assistance": {"instrument": "phq9", "section": "income"},
    "children": {"instrument": "child_guardianship", "what": "contact"},
    "governance": {"instrument": "phq9"},
    "affairs": {"instrument": "barthel"},
    "today.end_duty": {"kind": "own_consent"},
    "affairs.new_finding": {"kind": "diagnosis"},
    "affairs.void_entry": {"kind": "place"},
    "statistics.document": {"document": "circular", "period": "2026Q2"},
    "statistics.document_sheet": {"document": "yearly", "period": "2026"},
    "audit.day": {"day": "2026-11-02", "sign": "refused"},
}
WITH_PART = {"what": "contact"}  # the same beside the id of a part
PARTS = {
    "edit_contact": "contact",
    "remove_contact": "contact",
    "reveal": "contact",
    "end_tag": "tag",
    "void_document": "document",
    "contact": "contact",
    "change_contact": "contact",
    "tag": "tag",
    "cancel_tag": "tag",
    "confirm_tag": "suspected",
    "document": "document",
}
OTHERS = {  # (endpoint or its action, argument) → which other row it is for
    ("enrol", "client_id"): "former_id",  # who is no longer on file
    ("end", "client_id"): "caseless_id",  # who has no open case
    ("end_enrolment", "client_id"): "caseless_id",
    ("reviews.settle", "comment_id"): "review_comment_id",
    ("clients_unname", "entry_id"): "client_entry_id",
    ("unname_person", "entry_id"): "client_entry_id",
    ("unname", "entry_id"): "case_entry_id",
    ("cases_unname", "entry_id"): "case_entry_id",
    ("enable", "user_id"): "disabled_id",
    ("new_station", "organisation_id"): "township_id",
    ("today.end_duty", "client_id"): "grown_id",  # somebody of whom a duty can be ended
    ("clients.of_age", "client_id"): "adult_id",  # filed as a minor still
    ("handovers.undo", "handover_id"): "ordered_id",
    ("assistance.answer", "request_id"): "handed_in_id",
    ("close_report", "report_id"): "decided_id",
    ("note_step", "assessment_id"): "danger_id",
    ("children.void_care", "row_id"): "care_contact_id",
    ("appeal", "request_id"): "refused_id",
    ("void_answer", "request_id"): "refused_id",
    ("sheet", "sheet_id"): "complete_id",
    ("finish_sheet", "sheet_id"): "complete_id",
    **{(action, "referral_id"): "draft_referral_id" for action in ("edit", "send", "confirm")},
    **{(action, "referral_id"): "incoming_id" for action in ("accept", "reject", "give", "assign", "stand_in", "stand-in")},
    **{(action, "referral_id"): "taken_id" for action in ("begin", "feedback", "complete")},
    ("referrals.show", "referral_id"): "draft_referral_id",
    ("receipt", "referral_id"): "outside_referral_id",
    ("let_go", "referral_id"): "to_go_id",
    ("extract_make", "extract_id"): "weighed_id",
    ("extract_withdraw", "extract_id"): "handed_out_id",
    ("extract_file", "extract_id"): "handed_out_id",
    ("api_extracts.withdraw", "extract_id"): "handed_out_id",
    ("make", "extract_id"): "weighed_id",  # the same as a call
    ("close_organisation", "organisation_id"): "empty_id",  # a station where nobody is on file
}


def word(endpoint: str, argument: str, others: set[str]) -> str:
    """What an argument that is no id is given, beside the other arguments of its route; KeyError for an unknown one."""
    found = WORDS_OF.get(endpoint.partition(".")[0], {}) | WORDS_OF.get(endpoint, {})
    return (WORDS | (WITH_PART if "part_id" in others else {}) | found)[argument]


@dataclass
class Laid:
    """The rows of one place: where they lie, whose they are, and their ids by argument name."""

    path: str
    klass: str
    worker: UUID
    ids: dict[str, UUID] = field(default_factory=dict)
    parts: dict[str, UUID] = field(default_factory=dict)  # of the person
    owners: dict[str, UUID] = field(default_factory=dict)  # of what is somebody's own
    domains: dict[str, own.Own] = field(default_factory=dict)
    klasses: dict[str, str] = field(default_factory=dict)  # endpoint → class, where it is another than the place's

    def value(self, endpoint: str, argument: str) -> UUID:
        """The id that an argument of a route gets; KeyError for one that nobody laid a row for."""
        action = endpoint.rpartition(".")[2].removeprefix("step_")
        mine = self.domains.get(endpoint.partition(".")[0], self.domains[FIRST])
        if argument == "part_id":
            return self.parts[PARTS[action]]
        if argument == "case_id" or (argument == "file_id" and "cases" in action):
            return mine.apart.get(action) or mine.cases[STAGES.get(action, "serving")]
        known = OTHERS.get((endpoint, argument)) or OTHERS.get((action, argument), argument)
        return mine.ids.get(known) or self.ids[known]

    def klass_at(self, endpoint: str) -> str:
        """The class of the file that a route with these ids is about."""
        mine = self.domains.get(endpoint.partition(".")[0])
        if mine is None:
            return self.klasses.get(endpoint, self.klass)
        return "P3" if endpoint.rpartition(".")[2] in mine.closed else mine.klass


def lay(engine: Any) -> dict[str, Laid]:
    """Writes everything in a system session."""
    with engine.app.app_context(), system_session("test rows", write=True) as session:
        release = figures.release(session)
        accounts.second_role(session, engine.cast)
        accounts.change(session, engine.cast.paths["Riverside"], days=0)
        return {place: _place(session, engine.cast, place, release) for place in PLACES}


def _place(session: Session, cast: Cast, place: str, release: s.StatRelease) -> Laid:
    station, worker, klass, reader = PLACES[place]
    laid = Laid(cast.paths[station], klass, cast.users[worker])
    born = date(2015, 3, 2) if klass == "minor" else date(1945, 3, 2)
    facts = {"worker_id": laid.worker, "klass": klass, "birth_on": born, "next_visit_on": clock.today()}
    person = rows.client(session, cast, station, f"{place} person", **facts)
    former = rows.client(session, cast, station, f"{place} former", **facts, state="ended")
    caseless = rows.client(session, cast, station, f"{place} caseless", **facts)
    laid.ids["station_id"] = cast.places[station]
    laid.ids |= {"client_id": person.id, "file_id": person.id, "former_id": former.id, "caseless_id": caseless.id}
    laid.parts = people.parts(session, person)
    laid.ids |= {"tag_id": laid.parts["tag"], "enrolment_id": people.stay(session, person)}
    laid.ids |= people.household(session, cast, person)
    laid.ids |= twice.twice(session, cast, station, person)
    stages = ("serving", *dict.fromkeys(STAGES.values()))
    laid.domains[FIRST] = own.lay(session, cast, person, FIRST, cases.detail, "gbt42195", stages)
    held = session.get_one(c.Case, laid.domains[FIRST].cases["serving"])
    laid.ids |= laid.domains[FIRST].ids | cases.visits(session, person, held)
    laid.ids |= referrals.around(session, cast, station, held)
    for domain, lays in OWN.items():
        laid.domains[domain] = lays(session, cast, place, person, stages)
    minors = laid.domains["children"]
    laid.ids |= {name: minors.ids[name] for name in ("grown_id", "adult_id")}
    laid.klasses = dict.fromkeys(("today.end_duty", "clients.of_age"), minors.klass)
    laid.ids |= accounts.accounts(session, cast, station, place)
    laid.ids |= passing.passing(session, cast, station, person, laid.ids["user_id"])
    laid.ids |= accounts.own(session, cast, worker, person)
    laid.ids |= {"release_id": release.id, "export_id": figures.export(session, cast, release, reader)}
    laid.ids["question_id"] = figures.question(session, cast, release, reader)
    laid.ids["preparation_id"] = figures.preparation(session, cast, place)
    laid.ids |= extracts.extracts(session, cast, list(PLACES).index(place))
    laid.ids["entry_id"] = accounts.entry(session, person, laid.worker)
    laid.ids["change_id"] = accounts.change(session, laid.path)
    laid.ids["client_entry_id"] = people.named(session, person, cast)
    laid.owners = {"session_id": laid.worker, "draft_id": laid.worker, "filter_id": laid.worker, "export_id": cast.users[reader]}
    laid.owners["question_id"] = cast.users[reader]
    return laid


def _cases(session: Session, laid: Laid, person: c.Client, domain: str) -> None:
    """A case of a domain at every stage, with what hangs on those that are worked on."""
    facts = {"domain": domain, "risk_reason": "alone", "created_by_id": laid.worker}
    for stage in ("serving", *dict.fromkeys(STAGES.values())):
        case = rows.case(session, person, laid.worker, status=stage, **facts)
        laid.cases[stage] = case.id
        if stage == "serving":
            laid.ids |= cases.work(session, case, laid.worker)
        elif stage == "planning":
            laid.ids |= cases.review(session, case, laid.worker)
