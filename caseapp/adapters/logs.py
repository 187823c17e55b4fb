"""Logs as lines that people or machines read. What is logged names kinds of things (endpoint, error type), never a person.

One JSON object a line in production (`CASEAPP_LOG=json`), plain text for a demo: time, level, logger, request id, the id
that a proxy gave, message, and what a call adds as `extra={"facts": {…}}`.
"""

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Any

from caseapp.core import trace

PLAIN = "%(asctime)s %(levelname)s %(name)s [%(request)s] %(message)s"


class Json(logging.Formatter):
    """One object a line. A traceback is given by file, line and function: the values of an error's text stay out."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        found: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if request := trace.request_id():
            found["request"] = request
        if given := trace.given_id():
            found["given"] = given
        found |= getattr(record, "facts", {})
        if record.exc_info and record.exc_info[0]:
            found["error"] = record.exc_info[0].__name__
            found["where"] = _where(record.exc_info[2])
        return json.dumps(found, ensure_ascii=False)


class _WithRequest(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.request = trace.request_id() or "-"
        return True


def configure(kind: str, stream: Any = None) -> None:
    """Sends everything of this process to one stream (standard error) in one form: `json` or `text`."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(Json() if kind == "json" else logging.Formatter(PLAIN))
    handler.addFilter(_WithRequest())
    root = logging.getLogger()
    for old in [each for each in root.handlers if getattr(each, "ours", False)]:
        root.removeHandler(old)
    handler.ours = True  # type: ignore[attr-defined]  # so that a second app of one process replaces it
    root.addHandler(handler)
    logging.getLogger("caseapp").setLevel(logging.INFO if kind == "json" else logging.WARNING)  # a line for each request, or not


def _where(traceback: Any) -> list[str]:
    found = []
    while traceback is not None:
        code = traceback.tb_frame.f_code
        found.append(f"{code.co_filename.rpartition('/')[2]}:{traceback.tb_lineno} {code.co_name}")
        traceback = traceback.tb_next
    return found
