"""The one place that asks what time it is; instants are UTC, dates are local dates in Asia/Shanghai."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """The present instant, aware, in UTC, without microseconds below the millisecond."""
    moment = datetime.now(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def today() -> date:
    """Today's date in Asia/Shanghai."""
    return local(now()).date()


def local(moment: datetime) -> datetime:
    """The same instant on the clocks of Asia/Shanghai."""
    return moment.astimezone(SHANGHAI)


def midnight(day: date) -> datetime:
    """The instant, in UTC, at which a day begins in Asia/Shanghai."""
    return datetime.combine(day, time(), SHANGHAI).astimezone(UTC)
