"""What a service domain keeps beyond any case: its typed 1:1 row and tables of its own; every file of this folder is taken in."""

from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from caseapp.models.base import OfPerson

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")

ALL: tuple[Any, ...] = tuple(model for model in OfPerson.__subclasses__() if model.__module__.startswith(__name__ + "."))
