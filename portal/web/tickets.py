"""Coupons as tickets, wherever they are shown: the face, the rules in a few words, the QR code of a voucher."""

from __future__ import annotations

from datetime import datetime, timedelta

from portal.domain.vouchers.rules import codes, words
from portal.domain.vouchers.values import EVERY_DAY, CouponKind, Scanned, Worth
from portal.kernel.spoken import Day, Weekdays, local_day
from portal.web import locale
from portal.web.drawings import Drawing, qr
from portal.web.locale import gettext
from portal.web.office import services

Face = tuple[str, str, str]


def face(worth: Worth) -> Face:
    """What stands large on the stub: (before, number, after)."""
    if worth.kind is CouponKind.AMOUNT:
        yuan, cents = divmod(worth.amount_fen or 0, 100)
        return "¥", f"{yuan}.{cents:02}" if cents else str(yuan), ""
    percent = worth.pay_percent or 0
    if locale.current() == "en":
        return "", f"{100 - percent}%", " off"
    tens, units = divmod(percent, 10)
    return "", f"{tens}.{units}" if units else str(tens), gettext("折")


def worth(of: Worth) -> str:
    """¥5 or 8.5 折, in one word."""
    return locale.said(words.figure(of))


def threshold(of: Worth) -> str:
    """满 ¥30 可用."""
    return locale.said(words.threshold(of))


def rules(of: Worth, weekdays: int) -> list[str]:
    """What limits it beside the threshold: the cap and the weekdays."""
    cap = words.cap(of)
    days = gettext("限%(days)s", days=locale.said(Weekdays(weekdays))) if weekdays != EVERY_DAY else ""
    return [line for line in (locale.said(cap) if cap else "", days) if line]


def days(since: datetime | None, until: datetime | None, valid_days: int | None = None) -> str:
    """7 月 1 日 至 7 月 31 日, or 领取后 7 天内有效."""
    if valid_days is not None:
        return str(gettext("领取后 %(days)s 天内有效", days=valid_days))
    if since is None or until is None:
        return ""
    first, last = locale.said(Day(local_day(since))), locale.said(words.last_day(until))
    return first if first == last else str(gettext("%(first)s 至 %(last)s", first=first, last=last))


def until(last: datetime | None, valid_days: int | None = None) -> str:
    """What a ticket has room for: 有效期至 12 月 23 日, or 领取后 7 天内有效."""
    if last is None:
        return days(None, None, valid_days)
    return str(gettext("有效期至 %(day)s", day=locale.said(words.last_day(last))))


def last_day(until: datetime) -> str:
    """The last day of a half-open period."""
    return locale.said(Day(local_day(until - timedelta(microseconds=1))))


def key() -> bytes:
    """The installation's key for voucher codes."""
    return codes.signing_key(services().settings.secret_key)


def drawing(of: Scanned) -> Drawing:
    """The QR code a clerk scans."""
    return qr(codes.write(of, key()))
