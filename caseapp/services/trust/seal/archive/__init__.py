"""Archives of the trail: files that hold what the database lets go of, each entry with its proof."""

from caseapp.services.trust.seal.archive.checked import Known, check, known
from caseapp.services.trust.seal.archive.making import Made, NotWhole, make

__all__ = ["Known", "Made", "NotWhole", "check", "known", "make"]
