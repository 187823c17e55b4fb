"""Typed details, one table per service domain, one file each; every file of this folder is taken in."""

from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from caseapp.models.base import OfPerson
from caseapp.models.details.elderly import ElderlyDetail

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")

ALL: tuple[Any, ...] = tuple(model for model in OfPerson.__subclasses__() if model.__module__.startswith(__name__ + "."))

__all__ = ["ALL", "ElderlyDetail"]
