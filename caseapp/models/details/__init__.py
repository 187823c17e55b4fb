"""Typed details, one table per service domain, one file each."""

from caseapp.models.details.elderly import ElderlyDetail

__all__ = ["ElderlyDetail"]
