"""The words for coupons: worth, rules, what is left of a period, as sentences and figures.

No language is decided here: figures are handed over as they are and shown in the reader's own.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from portal.domain.vouchers.values import CouponKind, CouponState, Stage, UndoReason, Worth
from portal.kernel.figures import SHANGHAI
from portal.kernel.spoken import Day, Discount, Moment, Yuan, local_day
from portal.kernel.words import Figure, Text, say

MISSING_DAY: Final = say("请填写日期，例如 2026-07-05。")
MISSING_MINUTES: Final = say("请填写分钟数；0 表示不能撤销。")
REASON_MISSING: Final = say("请选一个撤销的原因。")
STATES: Final = {
    CouponState.DRAFT: say("草稿"),
    CouponState.PUBLISHED: say("发放中"),
    CouponState.PAUSED: say("已暂停"),
    CouponState.ENDED: say("已结束"),
}
STAGES: Final = {
    Stage.WAITING: say("未到使用时间"),
    Stage.USABLE: say("可使用"),
    Stage.USED: say("已核销"),
    Stage.EXPIRED: say("已过期"),
}
REASONS: Final = {
    UndoReason.WRONG_VOUCHER: say("扫错了券"),
    UndoReason.NOT_PAID: say("顾客没有消费"),
    UndoReason.CUSTOMER_LEFT: say("顾客改用别的优惠"),
    UndoReason.OTHER: say("其他原因"),
}


def figure(worth: Worth) -> Figure:
    """¥5 or 8.5 折."""
    if worth.kind is CouponKind.AMOUNT:
        return Yuan(worth.amount_fen or 0)
    return Discount(worth.pay_percent or 0)


def threshold(worth: Worth) -> Text:
    """满 ¥30 可用, or without a threshold."""
    if worth.threshold_fen:
        return say("满 %(yuan)s 可用", yuan=Yuan(worth.threshold_fen))
    return say("无门槛")


def cap(worth: Worth) -> Text | None:
    """最多减 ¥20, for discounts that have a cap."""
    if worth.max_discount_fen is None:
        return None
    return say("最多减 %(yuan)s", yuan=Yuan(worth.max_discount_fen))


def day(at: datetime) -> Day:
    """7 月 5 日, of the day that contains the moment."""
    return Day(local_day(at))


def last_day(until: datetime) -> Day:
    """The last day before a half-open end."""
    return day(until - timedelta(microseconds=1))


def moment(at: datetime) -> Moment:
    """9 月 3 日 18:02."""
    return Moment(at)


def clock(at: datetime) -> str:
    """18:02, the same in every language."""
    return f"{at.astimezone(SHANGHAI):%H:%M}"


def left(now: datetime, expires_at: datetime) -> Text:
    """What is left, in words: 今天到期, 明天到期, 还剩 3 天, then the last day itself."""
    days = (last_day(expires_at).day - local_day(now)).days
    if days < 0:
        return say("%(day)s 已过期", day=last_day(expires_at))
    if days == 0:
        hours = int((expires_at - now).total_seconds() // 3600)
        return say("今天到期，还剩 %(hours)s 小时", hours=hours) if hours else say("今天到期，不到 1 小时")
    if days == 1:
        return say("明天到期")
    return say("还剩 %(days)s 天", days=days + 1) if days < 7 else say("%(day)s 到期", day=last_day(expires_at))


def is_soon(now: datetime, expires_at: datetime) -> bool:
    """Within three days."""
    return now < expires_at <= now + timedelta(days=3)
