"""The one list of tables that a request may touch whose role sees no person: figures, places, accounts, the own work.

Three walls read it (`access/outside.py`, the authoriser of SQLite and the roles of PostgreSQL, both in `adapters/rights.py` and
`models/wall/`), so that a new table is shut on both engines until somebody puts it here.
"""

from caseapp.models.ddl import PUBLISHED

PLACES = frozenset({"division", "division_change", "former_place", "organisation", "outside_body", "purchase", "setting"})
ACCOUNTS = frozenset(
    {
        "api_token",
        "asked_act",
        "cover",
        "credential",
        "former_password",
        "grant",
        "grant_confirmation",
        "grant_place",
        "half_sign_in",
        "one_time_code",
        "recovery_code",
        "second_factor",
        "sign_in_guard",
        "user",
    }
)
OWN = frozenset({"draft", "rate_bucket", "saved_filter", "stat_question", "stored_result", "user_session"})
# whoever acts leaves entries; only an auditor's rows are shown
TRAIL = frozenset({"audit_entry", "audit_number", "audit_seal", "audit_waiting", "counter"})
WORK = frozenset({"job", "job_queue"})  # what a bureau asked to be done: kinds and ids, no words
FIGURES = frozenset(  # beside what is published: what their makers and readers said of it; nothing true that is not shown
    {
        "stat_document",
        "stat_extract",
        "stat_extract_fetch",
        "stat_noise",
        "stat_preparation",
        "stat_question",
        "stat_snapshot",
        "stat_view",
    }
)
READABLE = PLACES | ACCOUNTS | OWN | TRAIL | WORK | FIGURES | frozenset(PUBLISHED)
OF_AUDITORS = frozenset({"audit_review", "audit_seen"})
