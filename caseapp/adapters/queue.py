"""The queue of long work: huey over a table of the app's own database, so that nothing else has to be run or backed up.

`ask` puts a task into the caller's own transaction: what is rolled back was never asked for. Messages are JSON and name one
task with one id; nothing that is read from the table is ever executed as code (huey's own pickles would be).
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from huey.api import Huey
from huey.constants import EmptyData
from huey.registry import Message
from huey.serializer import Serializer
from huey.storage import BaseStorage
from sqlalchemy import delete, func, insert, select
from uuid_utils.compat import uuid7

from caseapp.core import clock
from caseapp.models.trust.job import QueueItem

NAME = "caseapp"
_immediate = True
TASK = "job"
ITEM: Any = QueueItem.__table__


def configure(*, immediate: bool) -> None:
    """Whether work is done at once by whoever asks for it (demo, tests) or by workers; called once at start."""
    global _immediate  # noqa: PLW0603 - one queue a process, like the engine
    _immediate = immediate


def is_immediate() -> bool:
    """Whether work is done at once."""
    return _immediate


class JsonMessages(Serializer):  # type: ignore[misc]  # huey has no types
    """Messages as JSON: a task's name, id and arguments."""

    def _serialize(self, data: Any) -> bytes:
        kept = {"id": data.id, "name": data.name, "args": list(data.args)} if isinstance(data, Message) else {"data": data}
        return json.dumps(kept).encode()

    def _deserialize(self, data: bytes) -> Any:
        kept = json.loads(data)
        if "name" not in kept:
            return kept["data"]
        return Message(kept["id"], kept["name"], retries=0, retry_delay=0, args=tuple(kept["args"]), kwargs={})


class TableStorage(BaseStorage):  # type: ignore[misc]
    """What huey keeps, as rows of `job_queue`; every call is one short transaction."""

    def __init__(self, name: str = NAME, **_more: Any) -> None:
        super().__init__(name)
        self.engine: sa.Engine | None = None

    @contextmanager
    def _connected(self, intent: str) -> Iterator[sa.Connection]:
        if self.engine is None:
            raise RuntimeError("the queue is bound to no database")
        with self.engine.execution_options(intent=intent).begin() as connection:
            yield connection

    def _mine(self, kind: str) -> Any:
        return sa.and_(ITEM.c.queue == self.name, ITEM.c.kind == kind)

    def enqueue(self, data: bytes, priority: float | None = None) -> None:
        """One more task."""
        with self._connected("write") as connection:
            connection.execute(insert(ITEM).values(id=uuid7(), queue=self.name, kind="task", priority=priority or 0, data=data))

    def dequeue(self) -> bytes | None:
        """The next task, for one worker only."""
        query = select(ITEM.c.id).where(self._mine("task")).order_by(ITEM.c.priority.desc(), ITEM.c.id).limit(1)
        with self._connected("read") as connection:
            if connection.execute(query).first() is None:
                return None
        with self._connected("write") as connection:
            found = connection.execute(query.with_for_update(skip_locked=True)).scalar()
            taken = connection.execute(delete(ITEM).where(ITEM.c.id == found).returning(ITEM.c.data)).scalar()
        return bytes(taken) if taken is not None else None

    def queue_size(self) -> int:
        """How many tasks wait."""
        return self._count("task")

    def enqueued_items(self, limit: int | None = None) -> list[bytes]:
        """What waits."""
        return self._items("task", limit)

    def flush_queue(self) -> None:
        """Forgets every task; the rows of `job` know them still."""
        self._flush("task")

    def add_to_schedule(self, data: bytes, ts: datetime) -> None:
        """A task for later; huey gives naive instants in UTC."""
        with self._connected("write") as connection:
            due = ts.replace(tzinfo=UTC) if ts.tzinfo is None else ts
            connection.execute(insert(ITEM).values(id=uuid7(), queue=self.name, kind="later", due_at=due, priority=0, data=data))

    def read_schedule(self, ts: datetime) -> list[bytes]:
        """The tasks that are due, taken out."""
        due = ts.replace(tzinfo=UTC) if ts.tzinfo is None else ts
        is_due = sa.and_(self._mine("later"), ITEM.c.due_at <= due)
        with self._connected("read") as connection:
            if connection.execute(select(ITEM.c.id).where(is_due).limit(1)).first() is None:
                return []
        with self._connected("write") as connection:
            return [bytes(data) for data in connection.execute(delete(ITEM).where(is_due).returning(ITEM.c.data)).scalars()]

    def schedule_size(self) -> int:
        """How many wait for their time."""
        return self._count("later")

    def scheduled_items(self, limit: int | None = None) -> list[bytes]:
        """What waits for its time."""
        return self._items("later", limit)

    def flush_schedule(self) -> None:
        """Forgets what waits for its time."""
        self._flush("later")

    def put_data(self, key: Any, value: bytes, is_result: bool = False) -> None:
        """A mark under a key."""
        with self._connected("write") as connection:
            connection.execute(delete(ITEM).where(self._mine("mark"), ITEM.c.key == _text(key)))
            connection.execute(
                insert(ITEM).values(id=uuid7(), queue=self.name, kind="mark", key=_text(key), priority=0, data=value)
            )

    def peek_data(self, key: Any) -> Any:
        """A mark, or huey's own sign that there is none."""
        with self._connected("read") as connection:
            found = connection.execute(select(ITEM.c.data).where(self._mine("mark"), ITEM.c.key == _text(key))).scalar()
        return bytes(found) if found is not None else EmptyData

    def pop_data(self, key: Any) -> Any:
        """A mark, taken out."""
        with self._connected("write") as connection:
            query = delete(ITEM).where(self._mine("mark"), ITEM.c.key == _text(key)).returning(ITEM.c.data)
            found = connection.execute(query).scalar()
        return bytes(found) if found is not None else EmptyData

    def has_data_for_key(self, key: Any) -> bool:
        """Whether there is such a mark."""
        return self.peek_data(key) is not EmptyData

    def result_store_size(self) -> int:
        """How many marks there are."""
        return self._count("mark")

    def result_items(self) -> dict[str, bytes]:
        """All marks."""
        with self._connected("read") as connection:
            rows = connection.execute(select(ITEM.c.key, ITEM.c.data).where(self._mine("mark"))).all()
        return {key: bytes(data) for key, data in rows}

    def flush_results(self) -> None:
        """Forgets all marks."""
        self._flush("mark")

    def flush_counters(self) -> None:
        """There are none."""

    def _count(self, kind: str) -> int:
        with self._connected("read") as connection:
            return int(connection.execute(select(func.count()).where(self._mine(kind))).scalar_one())

    def _items(self, kind: str, limit: int | None) -> list[bytes]:
        with self._connected("read") as connection:
            query = select(ITEM.c.data).where(self._mine(kind)).order_by(ITEM.c.id).limit(limit)
            return [bytes(data) for data in connection.execute(query).scalars()]

    def _flush(self, kind: str) -> None:
        with self._connected("write") as connection:
            connection.execute(delete(ITEM).where(self._mine(kind)))


def _text(key: Any) -> str:
    return key.decode() if isinstance(key, bytes) else str(key)


def consumer(engine: sa.Engine, work: Callable[[UUID], None], resume: Callable[[], None]) -> Huey:
    """The queue as a worker process uses it: `work` does one job, `resume` looks every minute for jobs that fell silent."""
    huey = Huey(NAME, results=False, utc=True, serializer=JsonMessages(), storage_class=TableStorage)
    huey.storage.engine = engine

    def job(job_id: str) -> None:
        work(UUID(job_id))

    def look() -> None:
        resume()

    huey.task(name=TASK)(job)
    huey.periodic_task(lambda _now: True, name="look")(look)
    return huey


def ask(session: Any, job_id: UUID) -> None:
    """Puts a job into the queue, in the caller's transaction."""
    name = f"{__name__}.{TASK}"
    data = JsonMessages().serialize(Message(str(uuid4()), name, args=(str(job_id),)))
    session.add(QueueItem(queue=NAME, kind="task", data=data, due_at=clock.now(), priority=0))
