"""What an attacker types: values that have broken programs before, and marks by which an answer gives a success away."""

import random
from typing import Any
from uuid import UUID

PLANTED = "zzqplantedword"  # stands in every word of the strangers; nobody else's rows hold it
PRODUCT = str(31337 * 31337)  # what a template engine would make of the expression below
MARKUP = "<img src=x onerror=zzq>"
ELSEWHERE = "evil.example"

VALUES: tuple[str, ...] = (
    "", " ", "0", "-1", "1", "9" * 400, "1e309", "NaN", "true", "null", "[]", "{}", "undefined",
    "' OR '1'='1", "'; DROP TABLE client; --", "\" UNION SELECT name FROM client --", "1) OR pg_sleep(0)--", "%' OR name LIKE '%",
    "{{31337*31337}}", "${31337*31337}", "{% for x in [].__class__.__base__.__subclasses__() %}{% endfor %}", "%(name)s %s {0}",
    MARKUP, "<script>zzq()</script>", "javascript:zzq()", "\"><svg/onload=zzq>", "&lt;b&gt;", "<?xml version='1.0'?><!DOCTYPE x>",
    "../../../../etc/passwd", "..\\..\\windows\\win.ini", "/etc/passwd\x00.png", "file:///etc/passwd", "C:\\con",
    f"//{ELSEWHERE}/", f"https://{ELSEWHERE}", f"https:{ELSEWHERE}", f"/\\{ELSEWHERE}", f"/%09/{ELSEWHERE}", f"https://localhost@{ELSEWHERE}",
    "a\r\nSet-Cookie: zzq=1", "a\nX-Zzq: 1", "a\x00b", "\u202eabc", "a\u200bb\ufeff", "\ud7ff\uffff", chr(0x20BB7) + chr(0x4DAE), "👵🏽👍", chr(0x957F) * 5000,
    "=1+1", "@SUM(1)", "+cmd|' /C calc'!A0", "2026-02-30", "0001-01-01", "9999-12-31", "2026-13-01T25:61", "2026Q5", "1999Q1",
    "110101199003078515", "11010119900307851X", "01a20c39-5ee2-74a8-98", "00000000-0000-0000-0000-000000000000", "P3", "minor", "station_head",
)  # fmt: skip
HEADERS: tuple[tuple[str, str], ...] = (
    ("Host", ELSEWHERE), ("Host", "localhost:99999"), ("Host", "loc alhost"), ("X-Forwarded-Host", ELSEWHERE),
    ("X-Forwarded-For", "127.0.0.1, 10.0.0.1"), ("X-Forwarded-Proto", "gopher"), ("X-HTTP-Method-Override", "DELETE"),
    ("X-Original-URL", "/audit"), ("X-Rewrite-URL", "/admin"), ("Referer", f"https://{ELSEWHERE}/"), ("Origin", f"https://{ELSEWHERE}"),
    ("Accept-Language", "zz;q=9,*;q=-1"), ("Accept-Language", "x" * 4000), ("Accept", "application/xml"), ("Accept-Encoding", "zzq;q=2"),
    ("If-Match", '"9"'), ("If-Match", "W/zzq"), ("If-None-Match", "*"), ("Idempotency-Key", "x" * 300), ("Idempotency-Key", "../zzq"),
    ("Content-Type", "application/xml"), ("Content-Type", "multipart/form-data"), ("Content-Type", "application/json; charset=utf-7"),
    ("Range", "bytes=0-99999999999"), ("X-Request-Id", "a b<c>"), ("Cookie", "caseapp=zzq.zzq.zzq"), ("Authorization", "Bearer zzq"),
    ("Authorization", "Basic enpxOnp6cQ=="), ("User-Agent", MARKUP), ("Expect", "zzq"), ("Transfer-Encoding", "zzq"),
)  # fmt: skip
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "PROPFIND", "ZZQ")
# what nobody may set by naming it: mass assignment
NEVER_FIELDS = ("id", "station_id", "station_path", "klass", "class", "file_id", "created_by_id", "role", "permissions", "is_admin", "version",
                "worker_id", "grant_id", "path", "merged_into_id", "confirmed_at", "__class__", "next")  # fmt: skip


def value(dice: random.Random, ids: list[UUID]) -> Any:
    """Something to type: a bad value, or the id of a row that may be anybody's."""
    return str(dice.choice(ids)) if dice.random() < 0.3 else dice.choice(VALUES)


def nested(dice: random.Random, ids: list[UUID], depth: int = 0) -> Any:
    """The same for JSON: of any type."""
    kind = dice.random()
    if kind < 0.75 or depth > 2:
        return value(dice, ids)
    if kind < 0.85:
        return dice.choice((None, True, -1, 10**30, 1.5))
    if kind < 0.93:
        return [nested(dice, ids, depth + 1) for _item in range(dice.randrange(4))]
    return {dice.choice(NEVER_FIELDS): nested(dice, ids, depth + 1) for _item in range(dice.randrange(4))}
