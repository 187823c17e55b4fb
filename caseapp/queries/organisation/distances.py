"""How far the villages of a station lie, as its head says; near is what nobody marked. A setting, so that each day has its own."""

from dataclasses import dataclass
from typing import Any

from caseapp.queries.organisation.settings import At

NAME = "workload.villages"
NEAR, FAR, REMOTE = "near", "far", "remote"


@dataclass(frozen=True)
class Distances:
    """Codes of villages that are far and remote; `version` counts the changes."""

    far: tuple[str, ...]
    remote: tuple[str, ...]
    version: int

    def of(self, code: str | None) -> str:
        """The class of a village."""
        return REMOTE if code in self.remote else FAR if code in self.far else NEAR


def read(settings: At) -> Distances:
    """What holds at the place whose settings these are."""
    value: dict[str, Any] = settings[NAME]
    return Distances(tuple(value.get("far", ())), tuple(value.get("remote", ())), value.get("version", 0))
