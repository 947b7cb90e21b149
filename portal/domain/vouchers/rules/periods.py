"""When a voucher is good: its period, its stage at a moment, and the first reason against using it now."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from portal.domain.vouchers import errors
from portal.domain.vouchers.rules import words
from portal.domain.vouchers.values import Stage, VoucherState
from portal.kernel.figures import SHANGHAI
from portal.kernel.spoken import Weekdays, local_day


def day_begins(day: date) -> datetime:
    """Midnight at the start of a local day, in UTC."""
    return datetime.combine(day, time(), SHANGHAI).astimezone(UTC)


def day_ends(day: date) -> datetime:
    """The first moment after a local day, in UTC."""
    return day_begins(day + timedelta(days=1))


def last_day(until: datetime) -> date:
    """The last local day before a half-open end."""
    return local_day(until - timedelta(microseconds=1))


def period(
    now: datetime, valid_from: datetime | None, valid_until: datetime | None, valid_days: int | None
) -> tuple[datetime, datetime]:
    """The period of a voucher collected now; N days end at midnight, the day of collecting being the first."""
    if valid_days is not None:
        return now, day_ends(local_day(now) + timedelta(days=valid_days - 1))
    if valid_from is None or valid_until is None:
        raise ValueError("a coupon has a period or a number of days")
    return valid_from, valid_until


def stage(now: datetime, state: VoucherState, valid_from: datetime, expires_at: datetime) -> Stage:
    """The voucher as its holder sees it now."""
    if state is VoucherState.USED:
        return Stage.USED
    if now >= expires_at:
        return Stage.EXPIRED
    return Stage.WAITING if now < valid_from else Stage.USABLE


def check_time(now: datetime, valid_from: datetime, expires_at: datetime, weekdays: int) -> None:
    """Refuse outside the period and on other weekdays."""
    if now >= expires_at:
        raise errors.VoucherExpired(words.last_day(expires_at))
    if now < valid_from:
        raise errors.VoucherNotYet(words.day(valid_from))
    if not weekdays >> local_day(now).weekday() & 1:
        raise errors.VoucherWrongDay(Weekdays(weekdays))
