"""The newest seal as a file that is kept elsewhere."""

import json
from dataclasses import dataclass

from sqlalchemy import select

from caseapp.access.system import system_session
from caseapp.adapters import keys
from caseapp.core import clock
from caseapp.models.trust import AuditSeal


@dataclass(frozen=True)
class Checkpoint:
    """The newest seal as it is kept elsewhere: whoever has it sees that what was sealed then still stands."""

    batch: int
    last: int
    head: str
    key: str
    signature: str
    made_at: str

    def text(self) -> str:
        """As a file."""
        return json.dumps(self.__dict__, indent=1) + "\n"

    @classmethod
    def read(cls, text: str) -> "Checkpoint":
        """From a file; ValueError when it is none, or its signature is not that of its key."""
        try:
            found = cls(**json.loads(text))
            signed = keys.is_signed(bytes.fromhex(found.key), bytes.fromhex(found.head), bytes.fromhex(found.signature))
        except (TypeError, ValueError, AttributeError) as error:
            raise ValueError("this file is no checkpoint of a trail") from error
        if not signed:
            raise ValueError("the signature of this checkpoint is not that of its key")
        return found


def checkpoint() -> Checkpoint | None:
    """The newest seal; None before the first."""
    query = select(AuditSeal.batch, AuditSeal.last, AuditSeal.head, AuditSeal.key, AuditSeal.signature)
    with system_session("the trail: a checkpoint") as session:
        row = session.execute(query.order_by(AuditSeal.batch.desc()).limit(1)).first()
    if row is None:
        return None
    head, key, signature = (bytes(value).hex() for value in row[2:])
    return Checkpoint(row.batch, row.last, head, key, signature, clock.now().isoformat(timespec="seconds"))
