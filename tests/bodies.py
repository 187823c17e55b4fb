"""A body that would do for every call of the API that takes one, about the rows of `tests/laid.py`; all people invented.

A call that is not named here fails the house tests: whoever adds it says what a good body is.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from caseapp.core import clock
from caseapp.core.identity_numbers import check_digit
from tests.cast import PASSWORD
from tests.laid import Laid

FIRST = "22240319450302"
NUMBER = f"{FIRST}101{check_digit(FIRST + '101')}"
ABOUT = {"api_cases.new": {"client_id"}, "api_visits.new_round": {"client_id"}}  # calls whose body names a row


def day(shift: int = 0) -> str:
    """A day from today."""
    return (clock.today() + timedelta(days=shift)).isoformat()


def good(endpoint: str, row: Laid) -> dict[str, Any]:
    """The body; KeyError for a call that nobody wrote one for."""
    return GOOD[endpoint](row)


def _step(row: Laid) -> dict[str, Any]:
    return {"version": 1, "happened_on": day(), "note": "as agreed"}


def _client(row: Laid) -> dict[str, Any]:
    return {
        "name": "王淑华",
        "sex": "2",
        "birth": "1945-03-02",
        "document": {"kind": "111", "number": NUMBER, "valid_to": None},
        "residence_code": "222403101201",
        "address": "3 East lane",
        "contacts": [{"kind": "own", "phone": "13800002207"}],
        "tags": ["EL02"],
        "note": "Lives by the well",
    }


def _visit(row: Laid) -> dict[str, Any]:
    return {
        "outcome": "done",
        "happened_on": day(),
        "kind": "home",
        "minutes": 30,
        "began_at": "00:00",
        "note": "At home",
        "companions": "Cadre",
        "services": ["B1.1"],
        "findings": ["as_usual"],
        "others": [],
        "next_choice": "other",
        "next_visit_on": day(20),
    }


def _plan(row: Laid) -> dict[str, Any]:
    goal = {"text": "Warm in winter", "due_on": day(60), "indicator": "degrees", "baseline": "12", "target": "18"}
    item = {"item": "B1.1", "how_often": "weekly", "who": "Bo"}
    return {
        "aim": "Stays at home",
        "steps": "Stove first",
        "starts_on": day(),
        "goals": [goal],
        "items": [item],
        "visit_days": 30,
    }


def _assessment(row: Laid) -> dict[str, Any]:
    return {
        "instrument": "gbt42195",
        "assessed_on": day(),
        "reason": "first",
        "answers": {},
        "conditions": {},
        "assessors": [{"name": "Bo", "medical": False}],
        "finish": False,
    }


def _household(row: Laid) -> dict[str, Any]:
    return {"name": "Wang household", "residence_code": "222403101201", "address": "3 East lane", "note": "By the well"}


def _case(row: Laid) -> dict[str, Any]:
    facts = {"domain": "elderly", "client_id": str(row.ids["client_id"]), "source": "visit", "found_on": day()}
    return facts | {"request": "Somebody to talk to", "risk": "orange", "risk_reason": "Lives alone", "urgency": "ordinary"}


def _named(row: Laid) -> dict[str, Any]:
    return {"user_id": str(row.worker), "to_on": day(30)}


def _cadre(row: Laid) -> dict[str, Any]:
    return {"division_code": "222403101201", "role": "cadre", "name": "李干部", "phone": "13900001112", "note": "mornings"}


def _referral(row: Laid) -> dict[str, Any]:
    facts = {"kind": "station", "to_station_id": str(row.ids["other_station_id"]), "to_domain": "elderly", "sections": ["risk"]}
    ground = {"basis": "consent", "signed_on": day(), "paper_place": "Box 3", "channel": "paper", "signer": "self"}
    return facts | ground | {"reason": "Moves to her daughter", "need": "A weekly visit", "urgency": "ordinary", "draft": True}


GOOD: dict[str, Callable[[Laid], dict[str, Any]]] = {
    "api_assessments.new": _assessment,
    "api_assessments.confirm": lambda row: {"level": "0", "reason": "as scored", "version": 1},
    "api_cases.new": _case,
    "api_cases.change": lambda row: {"version": 1, "request": "Somebody to talk to", "detail": {"needs": "Wood for the stove"}},
    **{
        f"api_cases.step_{name}": _step
        for name in ("accept", "plan", "serve", "evaluate", "reassess", "resume", "follow_up", "archive", "reopen")
    },
    "api_cases.decline": lambda row: {"reason": "out_of_scope", "version": 1, "note": "Told where to go"},
    "api_cases.risk": lambda row: {"risk": "orange", "risk_reason": "Fell twice", "version": 1},
    "api_cases.assign": lambda row: {"worker_id": str(row.worker), "co_worker_ids": [], "version": 1},
    "api_cases.ask_closing": lambda row: {"reason": "achieved", "outcomes": {}, "version": 1, "own_view": "Content"},
    "api_cases.close": _step,
    "api_cases.restrict": lambda row: {"reason": "Told in confidence", "version": 1},
    "api_cases.new_tag": lambda row: {"code": "EL10", "from_on": day(), "basis": "told", "status": "suspected"},
    "api_comments.new": lambda row: {"field": "file", "text": "Who holds the key?"},
    "api_comments.settle": lambda row: {},
    "api_files.clients_name": _named,
    "api_files.cases_name": _named,
    "api_files.clients_unname": lambda row: {},
    "api_files.cases_unname": lambda row: {},
    "api_clients.find": lambda row: {"q": "person"},
    "api_clients.new": _client,
    "api_clients.change": lambda row: {"version": 1, "note": "Lives by the well", "living": "alone", "benefits": []},
    "api_clients.purpose": lambda row: {"purpose": "emergency", "note": "The school called"},
    "api_clients.assign": lambda row: {"worker_id": str(row.worker), "version": 1},
    "api_clients.enrol": lambda row: {"from_on": day(), "worker_id": str(row.worker)},
    "api_clients.end": lambda row: {"reason": "moved", "to_on": day(), "note": "To the son", "version": 1},
    "api_consents.new": lambda row: {
        "basis": "consent",
        "signed_on": day(),
        "scopes": ["service", "contact_family"],
        "paper_place": "cabinet 2",
        "language": "zh",
    },
    "api_consents.withdraw": lambda row: {"withdrawn_on": day(), "note": "By letter", "version": 1},
    "api_households.new": lambda row: _household(row) | {"members": [{"name": "Named", "relation_to_head": "head", "sex": "1"}]},
    "api_households.change": lambda row: _household(row) | {"version": 1},
    "api_households.member": lambda row: {"name": "Named", "relation_to_head": "daughter", "birth_year": 1970, "sex": "2"},
    "api_households.relate": lambda row: {"from_id": str(row.ids["member_id"]), "to_id": str(row.ids["named_id"]), "kind": "son"},
    "api_households.change_member": lambda row: {"name": "Named", "relation_to_head": "son", "birth_year": 1971},
    "api_households.remove_member": lambda row: {},
    "api_households.unrelate": lambda row: {"from_id": str(row.ids["aunt_id"]), "to_id": str(row.ids["named_id"])},
    "api_households.reveal": lambda row: {},
    "api_parts.reveal": lambda row: {"what": "address"},
    "api_parts.new_document": lambda row: {"kind": "414", "number": "E12345678", "valid_to": day(900)},
    "api_parts.void_document": lambda row: {},
    "api_parts.new_contact": lambda row: {"kind": "neighbour", "phone": "13800002208", "name": "王大娘", "is_emergency": True},
    "api_parts.change_contact": lambda row: {"kind": "own", "phone": "13800002209", "note": "in the evening"},
    "api_parts.remove_contact": lambda row: {},
    "api_parts.new_tag": lambda row: {"code": "EL02", "from_on": day(), "basis": "seen", "status": "suspected"},
    "api_parts.confirm_tag": lambda row: {"basis": "village list"},
    "api_parts.end_tag": lambda row: {"to_on": day(), "reason": "moved in with the son"},
    "api_parts.cancel_tag": lambda row: {"reason": "another person"},
    "api_parts.refuse": lambda row: {"items": ["phone"]},
    "api_plans.new": _plan,
    "api_plans.change": lambda row: _plan(row) | {"version": 1},
    "api_plans.progress": lambda row: {"progress": 2, "now": "15 degrees", "dropped": False, "version": 1},
    "api_referrals.new": _referral,
    "api_referrals.send": lambda row: {"version": 1},
    "api_referrals.confirm": lambda row: {"version": 1},
    "api_referrals.revoke": lambda row: {"version": 1, "text": "No longer needed"},
    "api_referrals.chase": lambda row: {"version": 1, "text": "By telephone"},
    "api_referrals.assign": lambda row: {"version": 1, "worker_id": str(row.worker)},
    "api_referrals.stand-in": lambda row: {"version": 1},
    "api_referrals.accept": lambda row: {"version": 1, "worker_id": str(row.worker), "open_case": False, "note": "Gladly"},
    "api_referrals.reject": lambda row: {"version": 1, "reason": "full", "note": "Next year"},
    "api_referrals.begin": lambda row: {"version": 1},
    "api_referrals.feedback": lambda row: {"version": 1, "text": "Seen every week", "happened_on": day()},
    "api_referrals.complete": lambda row: {"version": 1, "text": "Settled in", "happened_on": day()},
    "api_referrals.receipt": lambda row: {
        "version": 1,
        "taken": True,
        "happened_on": day(),
        "who": "李护士",
        "channel": "phone",
        "text": "Ward three",
    },
    "api_referrals.new_body": lambda row: {
        "kind": "hospital",
        "name": "县医院",
        "address": "3 Main road",
        "phone": "0433-1234567",
        "contact": "李护士",
    },
    "api_reviews.new": lambda row: {"kind": "file_check", "note": "Please look"},
    "api_reviews.approve": lambda row: {"version": 1, "text": "Well thought"},
    "api_reviews.send_back": lambda row: {"version": 1, "text": "Say how warm"},
    "api_reviews.withdraw": lambda row: {},
    "api_services.new": lambda row: {
        "kind": "consultation",
        "item": "B1.1",
        "happened_on": day(),
        "minutes": 20,
        "head_count": 2,
        "topic": "policy",
        "channel": "visit",
        "note": "About the allowance",
    },
    "api_services.void": lambda row: {"reason": "Written twice"},
    "api_tasks.end": lambda row: {"state": "done", "reason": "Called him"},
    "api_village_contacts.new": _cadre,
    "api_village_contacts.change": lambda row: _cadre(row) | {"version": 1},
    "api_village_contacts.switch": lambda row: {"is_active": False, "version": 1},
    "api_village_contacts.reveal": lambda row: {},
    "api_statistics.release_new": lambda row: {"period": "2026Q1", "reason": "the end of the quarter"},
    "api_statistics.preparation_publish": lambda row: {"password": PASSWORD},
    "api_statistics.preparation_refuse": lambda row: {"words": "Two stations are missing"},
    "api_statistics.preparation_cancel": lambda row: {"words": "Prepared too early"},
    "api_statistics.export_new": lambda row: {"format": "csv", "purpose": "Report to the county"},
    "api_extracts.new": lambda row: {
        "years": ["2019"],
        "recipient": "inside",
        "recipient_name": "Statistics office",
        "purpose": "A study of outcomes",
        "attributes": ["sex"],
        "sensitive": ["risk"],
        "file_days": 30,
    },
    "api_extracts.make": lambda row: {},
    "api_extracts.decline": lambda row: {"words": "It tells too much"},
    "api_extracts.cancel": lambda row: {"words": "Not needed any more"},
    "api_extracts.withdraw": lambda row: {"words": "Sent to the wrong office"},
    "api_statistics.exploration_ask": lambda row: {"period": "2026Q2", "question": "on_file:sex", "area": "222403000000"},
    "api_tokens.new": lambda row: {"username": "bo", "password": PASSWORD},
    "api_visits.new": _visit,
    "api_visits.new_of_case": _visit,
    "api_visits.new_round": lambda row: {
        "happened_on": day(),
        "kind": "home",
        "minutes": 60,
        "services": ["B1.1"],
        "persons": [{"client_id": str(row.ids["client_id"]), "outcome": "done", "note": "At home"}],
    },
    "api_visits.void": lambda row: {"reason": "Wrong person", "version": 1},
    "api_visits.move": lambda row: {"reason": "It was yesterday", "happened_on": day(-2), "version": 1},
    "api_visits.amend": lambda row: {"note": "At home, the stove is cold", "findings": ["as_usual"], "version": 1},
}
