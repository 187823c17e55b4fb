"""What a service domain keeps beyond any case: its typed 1:1 row and tables of its own; every file of this folder is taken in."""

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from caseapp.models.base import OfPerson

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")


def _rows(kind: Any) -> Iterator[Any]:
    """Mapped classes below a class; mixins that several tables share are none."""
    for found in kind.__subclasses__():
        if hasattr(found, "__table__"):
            yield found
        yield from _rows(found)


ALL: tuple[Any, ...] = tuple(model for model in _rows(OfPerson) if model.__module__.startswith(__name__ + "."))
