"""What an answer must never be, whoever asked for whatever."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from caseapp.cli.drill.attack import values

OWN_HOSTS = frozenset({"", "localhost"})
PLANTED = values.PLANTED.encode()
TRACE = re.compile(rb"Traceback \(most recent|sqlalchemy\.|psycopg\.|sqlite3\.|werkzeug\.debug")


def faults(answer: Any, *, is_signed_in: bool, reflected: bool) -> Iterator[str]:
    """Each in a word or two. `reflected`: the planted word was sent in the request itself, so that an echo says nothing."""
    body: bytes = answer.get_data()
    if answer.status_code >= 500:
        yield f"status {answer.status_code}"
    if PLANTED in body and not reflected:
        yield "a stranger's word"
    if values.PRODUCT.encode() in body:
        yield "a template ran"
    if "html" in answer.content_type and values.MARKUP.encode() in body:
        yield "markup went through"
    if TRACE.search(body):
        yield "inner words"
    yield from _heads(answer.headers, is_signed_in and "html" in answer.content_type)


def _heads(headers: Any, is_private: bool) -> Iterator[str]:
    where = headers.get("Location", "")
    if (where and (urlsplit(where).hostname or "") not in OWN_HOSTS) or where.startswith(("//", "/\\")):
        yield "led elsewhere"
    if "X-Zzq" in headers or any("zzq=" in cookie for cookie in headers.getlist("Set-Cookie")):
        yield "a header slipped in"
    if values.ELSEWHERE in str(headers.get("Access-Control-Allow-Origin", "")):
        yield "open to another origin"
    if is_private and "no-store" not in headers.get("Cache-Control", ""):
        yield "may be kept by a cache"
    if "X-Content-Type-Options" not in headers:
        yield "no nosniff"
