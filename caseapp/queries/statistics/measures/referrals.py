"""Referrals by the day they were sent, which is when they were entered: the sending station's, so that none counts at two places."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, case, literal, select

from caseapp.core import clock
from caseapp.models import casework as c
from caseapp.queries.statistics.measures.measure import ONE, Measure, Span


def _outcome(day: date) -> ColumnElement[Any]:
    """How each stood at the end of a day, whatever came later."""
    ended = c.Referral.ended_at < clock.midnight(day + timedelta(days=1))
    return case(
        (ended, c.Referral.status),  # rejected revoked completed
        (c.Referral.decided_on <= day, literal("accepted")),
        else_=literal("waiting"),
    ).label("referral_outcome")


def _sent(span: Span) -> Select[Any]:
    return (
        select(
            c.Referral.from_path.label("station_path"),
            c.ReferralRequest.client_id.label("person"),
            c.Referral.kind.label("referral_kind"),
            _outcome(span.last),
            ONE,
        )
        .join(c.ReferralRequest, c.ReferralRequest.referral_id == c.Referral.id)
        .where(
            span.here(c.Referral.from_path),
            c.Referral.sent_at >= clock.midnight(span.first),
            c.Referral.sent_at < clock.midnight(span.last + timedelta(days=1)),
        )
    )


MEASURES = (Measure("referrals", _sent),)
