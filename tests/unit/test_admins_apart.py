"""Three administrators apart: none can do another's part, none sees a client; nobody holds two of them, or one and files."""

from itertools import combinations

import pytest

from caseapp.access.asked import ASKED
from caseapp.access.permissions import Permission as P
from caseapp.access.roles import CASE_READING, ROLES

ADMINS = ("system_admin", "security_admin", "auditor")
OF_FILES = frozenset().union(*(ROLES[code].permissions for code in CASE_READING)) - {P.TODAY, P.GRANT_CONFIRM}


@pytest.mark.parametrize(("one", "other"), tuple(combinations(ADMINS, 2)))
def test_no_part_is_anothers(one: str, other: str) -> None:
    assert ROLES[one].permissions & ROLES[other].permissions == {P.TODAY}
    assert ROLES[one].group != ROLES[other].group  # nobody holds both (services/organisation/grants.py)


@pytest.mark.parametrize("code", ADMINS)
def test_none_sees_a_client(code: str) -> None:
    assert not ROLES[code].permissions & OF_FILES
    assert ROLES[code].rows in ("none", "auditor")


def test_who_grants_does_not_confirm_and_nobody_ends_a_watch_over_themselves() -> None:
    assert {P.ACCOUNT_MANAGE, P.GRANT_PROPOSE, P.ORGANISATION_MANAGE} <= ROLES["system_admin"].permissions
    assert P.GRANT_CONFIRM not in ROLES["system_admin"].permissions
    assert not ROLES["auditor"].permissions & {P.GRANT_PROPOSE, P.GRANT_CONFIRM, P.CONTROL_SET, P.ACCOUNT_MANAGE}
    # an act for two people is decided by a permission that is not enough to ask for it, or by a colleague of the same office
    for kind in ASKED.values():
        assert kind.asks and kind.decides, kind.code
        assert not ({P.AUDIT_READ, P.AUDIT_REVIEW} & (kind.asks | kind.decides)), kind.code
