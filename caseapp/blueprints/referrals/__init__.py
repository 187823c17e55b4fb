"""Referrals: the two boxes, one with its packet, the verbs of either side, the register of outside bodies."""

from caseapp.blueprints.referrals import answering, bodies, show, writing
from caseapp.blueprints.referrals.blueprint import bp

__all__ = ["answering", "bodies", "bp", "show", "writing"]
