"""Column kinds and mixins shared by all tables: instants, codes, sealed fields, rows of a person."""

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, declared_attr, mapped_column
from sqlalchemy.types import TypeDecorator

from caseapp.adapters import keys
from caseapp.extensions import db

# Byte order on both engines, so that a prefix is a range and every list order has an index that serves it.
PathText = sa.String(160).with_variant(sa.String(160, collation="C"), "postgresql")
SortText = sa.String(200).with_variant(sa.String(200, collation="C"), "postgresql")
Json = sa.JSON(none_as_null=True)

CLASSES = ("P1", "P2", "P3", "minor")


class Instant(TypeDecorator[datetime]):
    """An instant; always aware and in UTC, also on SQLite, which keeps no zone."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Refuses naive instants."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive instant")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Gives the zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def coded(length: int = 20, *, default: Any = None, nullable: bool = False, index: bool = False) -> Mapped[Any]:
    """A column holding a code of a list: the trail may show it before and after (class P1)."""
    return mapped_column(sa.String(length), nullable=nullable, default=default, index=index, info={"trail": "value"})


def plain(kind: Any, *, default: Any = None, nullable: bool = True, index: bool = False, **more: Any) -> Mapped[Any]:
    """A column of class P1: the trail shows values. Everything else shows as a field name with a keyed digest."""
    return mapped_column(kind, nullable=nullable, default=default, index=index, info={"trail": "value"}, **more)


def whose(means: str, *, nullable: bool = True, index: bool = False) -> Mapped[Any]:
    """A column that names a user, and what that means (`queries/casework/held.py`): "responsible" while the row is open,
    "promised" to somebody by a row that waits or runs, or "did" what the row tells. Columns ending in `by_id` always tell who did."""
    return mapped_column(sa.Uuid, nullable=nullable, index=index, info={"trail": "value", "user": means})


def words(length: int = 200, *, nullable: bool = True) -> Mapped[Any]:
    """A column of free text that is about no person on file: the trail says that it changed and nothing more."""
    return mapped_column(sa.String(length), nullable=nullable, info={"trail": "name"})


def sealed(*, nullable: bool = True) -> Mapped[Any]:
    """The bytes column under a `Sealed` attribute."""
    return mapped_column(sa.LargeBinary, nullable=nullable, info={"trail": "name"})


class Sealed:
    """A text (or JSON) attribute kept encrypted in a bytes column, bound to table, column and row id.

    A column type sees no row, so a ciphertext copied to another row would still decrypt there; an attribute over a
    bytes column can bind it (tried). The id must be set first, which `Base.__init__` does.
    """

    def __init__(self, column: str, *, as_json: bool = False) -> None:
        self.column = column
        self.as_json = as_json

    def __get__(self, row: Any, owner: type | None = None) -> Any:
        if row is None:
            return self
        raw = getattr(row, self.column)
        if raw is None:
            return None
        clear = keys.ring().open(raw, keys.bound(row.__tablename__, self.column, row.id)).decode()
        return json.loads(clear) if self.as_json else clear

    def __set__(self, row: Any, value: Any) -> None:
        if value is None or value == "":
            setattr(row, self.column, None)
            return
        if getattr(row, self.column) is not None and self.__get__(row) == value:
            return  # unchanged text keeps its ciphertext, so that the trail shows no change
        clear = json.dumps(value, ensure_ascii=False, sort_keys=True) if self.as_json else str(value)
        setattr(row, self.column, keys.ring().seal(clear.encode(), keys.bound(row.__tablename__, self.column, row.id)))


class Passing:
    """What is said of a row for the moment and kept in no column: a data descriptor beside the mapped ones."""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = f"_passing_{name}"

    def __get__(self, row: Any, owner: type | None = None) -> Any:
        return self if row is None else row.__dict__.get(self.name)

    def __set__(self, row: Any, value: Any) -> None:
        row.__dict__[self.name] = value


def one_of(name: str, *columns: str, where: str) -> sa.Index:
    """At most one row with these values among those the condition holds for: what two at the same moment cannot get past."""
    return sa.Index(name, *columns, unique=True, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


class Keyed:
    """A row with a UUIDv7 key."""

    id: Mapped[UUID] = mapped_column(primary_key=True)


class Stamped:
    """When and by whom a row was written down, which may be later than what it tells happened."""

    created_at: Mapped[datetime] = mapped_column(Instant, nullable=False)
    updated_at: Mapped[datetime | None] = mapped_column(Instant)

    @declared_attr
    def created_by_id(cls) -> Mapped[UUID | None]:  # noqa: N805 - declared_attr takes the class
        return mapped_column(sa.ForeignKey("user.id"))

    updated_by_id: Mapped[UUID | None]  # set by the row guard at the flush, so that a later editor learns who was first


class Versioned:
    """Optimistic locking: a stale flush fails, and forms carry the version they were drawn from."""

    version: Mapped[int] = mapped_column(nullable=False, default=1)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805
        return {"version_id_col": cls.version}


class OfOffice:
    """A row about no person on file (places, accounts, roles): the trail shows its values before and after, free text never."""

    trail_shows: ClassVar[str] = "value"


class OfPerson:
    """A row of a person: station path (down to the service point), class and file, copied from its parent.

    `file_id` is the case the row belongs to, else its client. Row rules need no join (architecture.md section 4).
    """

    station_path: Mapped[str] = mapped_column(PathText, nullable=False, info={"trail": "value"})
    klass: Mapped[str] = mapped_column("class", sa.String(5), nullable=False, info={"trail": "value"})
    file_id: Mapped[UUID] = mapped_column(nullable=False, index=True)

    def belongs_to(self, parent: Any) -> None:
        """Copies where a row lives from its parent (a client or a case)."""
        self.station_path, self.klass = parent.station_path, parent.klass
        self.file_id = parent.file_id


class Authored:
    """A row of a person that its author keeps in sight although the file it lies in is closed to them."""

    author_id: Mapped[UUID] = mapped_column(
        nullable=False, index=True, info={"user": "did"}
    )  # a field name only in the trail: the author is protected


class BetweenStations:
    """A row that two stations share: what one hands to the other. Nothing here names a person but sealed text.

    `file_id` and `klass` are those of the sender's file; `to_path` is empty for an outside body. The receiver sees the row
    from sending on (`reached`), a restricted one only as head or when it was given to them (`access/scope/`).
    """

    from_path: Mapped[str] = mapped_column(PathText, nullable=False, info={"trail": "value"})
    to_path: Mapped[str | None] = mapped_column(PathText, info={"trail": "value"})
    klass: Mapped[str] = mapped_column("class", sa.String(5), nullable=False, info={"trail": "value"})
    file_id: Mapped[UUID] = mapped_column(nullable=False, index=True)
    reached: Mapped[bool] = mapped_column(nullable=False, default=False, info={"trail": "value"})
    assigned_to_id: Mapped[UUID | None] = mapped_column(
        sa.Uuid, info={"trail": "value", "user": "responsible"}
    )  # at the receiver

    def side_of(self, actor: Any) -> str | None:
        """The path on whose side an actor stands; the sender's when it is both."""
        return next((path for path in (self.from_path, self.to_path) if actor.covers(path)), None)


if TYPE_CHECKING:
    from caseapp.extensions import Base as Model
else:
    Model = db.Model
