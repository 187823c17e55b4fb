"""The twelve roles as data: where they are granted, what they may do, who confirms them (contract.md section 2)."""

from dataclasses import dataclass, field
from typing import Any

from caseapp.access.permissions import Permission as P
from caseapp.core.text import _l

READ_FILES = frozenset({P.TODAY, P.CLIENT_READ, P.CASE_READ, P.VISIT_READ, P.REVIEW_READ, P.REFERRAL_READ, P.STATION_COUNTS})
WORK = READ_FILES | {
    P.CLIENT_WRITE,
    P.CLIENT_REVEAL,
    P.CLIENT_END,
    P.CASE_OPEN,
    P.CASE_WRITE,
    P.HANDOVER,
    P.CASE_CLOSE,
    P.CASE_REOPEN,
    P.VISIT_WRITE,
    P.VISIT_VOID,
    P.SERVICE_WRITE,
    P.REVIEW_ASK,
    P.COMMENT_WRITE,
    P.FILE_PURPOSE,
    P.HARM_REPORT,
    P.REFERRAL_WRITE,
    P.REFERRAL_ANSWER,
    P.BODY_WRITE,
}
FIGURES = frozenset({P.TODAY, P.FIGURES_READ, P.FIGURES_EXPORT})


@dataclass(frozen=True)
class Role:
    """A role: `kinds` of organisation it is granted on, `rows` names its rule in `scope/`.

    `confirmed_by` are the roles that must each say yes before a grant starts; `group` keeps roles apart that nobody may
    hold together: files, bureau, administration, security, audit, contractor, evaluation.
    """

    code: str
    label: Any
    kinds: tuple[str, ...]
    permissions: frozenset[P]
    rows: str  # worker head supervisor township none auditor
    group: str
    confirmed_by: tuple[str, ...] = field(default=())
    many_places: bool = False
    with_contractors: bool = False  # its scope takes in the contractors that its places buy from


ROLES: dict[str, Role] = {
    role.code: role
    for role in (
        Role(
            "worker",
            _l("Resident social worker"),
            ("station", "service_point"),
            WORK | {P.GLASS_BREAK},
            "worker",
            "files",
            ("station_head",),
        ),
        Role(
            "station_head",
            _l("Station head"),
            ("station",),
            WORK
            | {
                P.OVERSIGHT,
                P.LIST_EXPORT,
                P.CASE_ASSIGN,
                P.COVER,
                P.CLIENT_MERGE,
                P.VISIT_VOID_ANY,
                P.REVIEW_PLAN,
                P.FILE_TRAIL,
                P.GRANT_CONFIRM,
                P.REFERRAL_CONFIRM,
                P.DISPOSAL_ASK,
            },
            "head",
            "files",
            ("county_officer", "security_admin"),
        ),
        Role(
            "supervisor",
            _l("Supervisor"),
            ("station",),
            READ_FILES | {P.OVERSIGHT, P.REVIEW_PLAN, P.COMMENT_WRITE, P.FILE_PURPOSE, P.REFERRAL_CONFIRM},
            "supervisor",
            "files",
            ("station_head",),
            many_places=True,
        ),
        Role(
            "township_supervisor",
            _l("Township social affairs office"),
            ("township",),
            READ_FILES | {P.OVERSIGHT, P.REVIEW_CLOSURE, P.COMMENT_WRITE, P.FILE_PURPOSE, P.DISPOSAL_AGREE},
            "township",
            "files",
            ("station_head",),
        ),
        Role("contractor_manager", _l("Contractor manager"), ("contractor",), frozenset({P.TODAY}), "none", "contractor"),
        Role(
            "county_officer",
            _l("County civil affairs bureau"),
            ("county", "management_area"),  # an area with stations of its own has nobody else to confirm their heads
            FIGURES | {P.GRANT_CONFIRM, P.FOCUS_SET, P.BODY_WRITE},
            "none",
            "bureau",
        ),
        Role("city_officer", _l("City civil affairs bureau"), ("city", "management_area"), FIGURES, "none", "bureau"),
        Role(
            "province_officer",
            _l("Provincial civil affairs department"),
            ("province",),
            FIGURES | {P.RELEASE_MAKE, P.EXTRACT_MAKE},
            "none",
            "bureau",
        ),
        Role("evaluator", _l("Third-party evaluator"), ("county", "station"), frozenset({P.TODAY}), "none", "evaluation"),
        Role(
            "system_admin",
            _l("System administrator"),
            ("province", "city", "county", "management_area", "township"),
            frozenset({P.TODAY, P.ACCOUNT_MANAGE, P.GRANT_PROPOSE, P.ORGANISATION_MANAGE, P.BACKUP}),
            "none",
            "administration",
            with_contractors=True,
        ),
        Role(
            "security_admin",
            _l("Security administrator"),
            ("province",),
            frozenset({P.TODAY, P.GRANT_CONFIRM, P.CONTROL_SET, P.KEYS_ROTATE}),
            "none",
            "security",  # not the administrator who proposes: else one person could start any grant
            ("security_admin",),
        ),
        Role(
            "auditor",
            _l("Security auditor"),
            ("province", "city", "county", "management_area", "township"),
            frozenset({P.TODAY, P.AUDIT_READ, P.AUDIT_REVIEW}),
            "auditor",
            "audit",
        ),
    )
}

CASE_READING = frozenset(code for code, role in ROLES.items() if role.group == "files")
