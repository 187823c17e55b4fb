"""The verifier of releases: adds the certificate up, without a solver and without the protector's code or the attack's.

It reckons anew which cells are small (for everybody, and in the eyes of a station or contractor that knows its own part),
and looks whether each of them is hidden and has witnesses: other worlds, equally possible, that show the same release.
"""

from caseapp.services.statistics.verify.evidence import Evidence, Fault, Figures
from caseapp.services.statistics.verify.verdict import verify

__all__ = ["Evidence", "Fault", "Figures", "verify"]
