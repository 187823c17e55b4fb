"""Reading referrals: one, the two boxes, what a packet would hold, what waits on a desk."""

from caseapp.queries.casework.referrals.one import notes, one, packet_of, request_of

__all__ = ["notes", "one", "packet_of", "request_of"]
