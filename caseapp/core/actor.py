"""Who acts: one signed-in user under exactly one active grant, as handed to queries, services and guards."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class Actor:
    """A user under one grant.

    `paths` are the organisation paths of the grant (several for a supervisor), `permissions` the codes of the role,
    `open_files` the P3 and minor files that this actor may open (assigned, named, or a live purpose), read once a request;
    `lent_files` those of them that only a purpose opens: what is P3 in a minor's file stays shut there;
    `purposes` what this actor named to open which of them.
    `stands_in` are absent colleagues whose work this actor does today, `stands_in_restricted` those of them whose restricted files go
    along (`access/covers.py`).
    `proved_at` is when the user last proved to be there, by signing in or by a proof for a risky act;
    `must_change` says that the password is too old and nothing else opens before it is changed.
    `stations` are the stations of a grant on stations, service points or a township, empty for grants higher up.
    `formerly` are the paths that a bureau of the grant had before it moved, each with the instant it left (published figures only).
    """

    user_id: UUID
    grant_id: UUID | None
    role: str
    paths: tuple[str, ...]
    organisation_id: UUID | None = None
    stations: tuple[UUID, ...] = ()
    formerly: tuple[tuple[str, datetime], ...] = ()
    permissions: frozenset[str] = frozenset()
    open_files: frozenset[UUID] = field(default=frozenset(), repr=False)
    lent_files: frozenset[UUID] = field(default=frozenset(), repr=False)
    purposes: tuple[tuple[UUID, str], ...] = field(default=(), repr=False)
    stands_in: frozenset[UUID] = frozenset()
    stands_in_restricted: frozenset[UUID] = frozenset()
    session_id: UUID | None = None
    user_name: str = field(default="", repr=False)
    language: str = "zh"
    channel: str = "page"
    proved_at: datetime | None = None
    must_change: bool = False

    def may(self, permission: str) -> bool:
        """Whether the role holds this permission at all; over which rows is the business of `access`."""
        return str(permission) in self.permissions

    @property
    def users(self) -> tuple[UUID, ...]:
        """Whose work is this actor's today: the own, and that of absent colleagues."""
        return (self.user_id, *sorted(self.stands_in))

    def is_in_charge(self, user_id: UUID | None, klass: str = "P2") -> bool:
        """Whether what is somebody's is this actor's to do today, in a file of this class."""
        return user_id == self.user_id or user_id in (self.stands_in_restricted if klass == "P3" else self.stands_in)

    def covers(self, path: str | None) -> bool:
        """Whether an organisation path lies at or under one of the grant's paths."""
        return path is not None and any(path.startswith(root) for root in self.paths)
