"""What is wrong with a coupon before it exists, and what is merely odd: refusals and hints for the merchant."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from portal.domain.vouchers.values import (
    EVERY_DAY,
    MOST_ISSUED,
    MOST_PER_PERSON,
    MOST_VALID_DAYS,
    CouponDraft,
    CouponKind,
    Worth,
)
from portal.kernel.refusals import Refusal
from portal.kernel.spoken import Discount, Weekdays, Yuan
from portal.kernel.words import Text, say

_LONGEST: Final = timedelta(days=3 * 366)
_FARTHEST: Final = timedelta(days=10 * 366)


def check(draft: CouponDraft, today: date) -> None:
    """Refuse what cannot be; the sentence belongs to one field."""
    _check_worth(draft.worth)
    _check_days(draft, today)
    _check_collecting(draft, today)
    _check_validity(draft)
    _check_counts(draft)


def hints(draft: CouponDraft) -> list[Text]:
    """What is allowed and yet unlikely to be meant."""
    late = draft.valid_until is not None and draft.collect_until > draft.valid_until
    odd = (
        (not draft.store_ids, say("还没有选适用门店，发布前至少选一家。")),
        (late, say("有效期结束后还能领取，领到也用不了。")),
        (draft.per_person > draft.total, say("每人限领比总量还多。")),
        (draft.weekdays != EVERY_DAY, _only_on(draft.weekdays)),
    )
    return [*_odd_worth(draft.worth), *(sentence for is_odd, sentence in odd if is_odd)]


def _only_on(weekdays: int) -> Text:
    return say("只在%(days)s可用，请确认店员也知道。", days=Weekdays(weekdays))


def _odd_worth(worth: Worth) -> list[Text]:
    amount, percent = worth.amount_fen or 0, worth.pay_percent or 0
    gives_amount = worth.kind is CouponKind.AMOUNT
    odd = (
        (
            gives_amount and not worth.threshold_fen,
            say("没有门槛：消费再少也能减 %(yuan)s。", yuan=Yuan(amount)),
        ),
        (
            gives_amount and 0 < worth.threshold_fen == amount,
            say("面额等于门槛，顾客刚好满额时不用付钱。"),
        ),
        (
            not gives_amount and worth.max_discount_fen is None,
            say("没有设最多减多少，大额消费会减得很多。"),
        ),
        (
            not gives_amount and percent < 50,
            say("%(discount)s：每 100 元只收 %(percent)s 元。", discount=Discount(percent), percent=percent),
        ),
    )
    return [sentence for is_odd, sentence in odd if is_odd]


def _check_worth(worth: Worth) -> None:
    if worth.kind is CouponKind.AMOUNT:
        _need(bool(worth.amount_fen and worth.amount_fen > 0), "amount", say("请填写减多少元，要大于 0。"))
        too_much = worth.threshold_fen and (worth.amount_fen or 0) > worth.threshold_fen
        _need(
            not too_much,
            "amount",
            say(
                "减 %(amount)s 比门槛 %(threshold)s 还多，顾客会倒赚。请调低面额或提高门槛。",
                amount=Yuan(worth.amount_fen or 0),
                threshold=Yuan(worth.threshold_fen),
            ),
        )
        return
    _need(worth.pay_percent is not None, "discount", say("请填写折扣，例如 8.5 表示 8.5 折。"))
    _need(worth.max_discount_fen is None or worth.max_discount_fen > 0, "max_discount", say("最多减的金额要大于 0。"))


def check_day(day: date | None, today: date, field: str) -> None:
    """Refuse days that a calendar knows and nobody means."""
    near = day is None or abs((day - today).days) <= _FARTHEST.days
    _need(near, field, say("这个日期离今天太远了，请核对年份。"))


def _check_days(draft: CouponDraft, today: date) -> None:
    for field in ("collect_from", "collect_until", "valid_from", "valid_until"):
        check_day(getattr(draft, field), today, field)


def _check_collecting(draft: CouponDraft, today: date) -> None:
    _need(draft.collect_from <= draft.collect_until, "collect_until", say("领取的结束日期比开始日期还早。"))
    _need(draft.collect_until >= today, "collect_until", say("领取的结束日期已经过了。"))
    _need(draft.collect_until - draft.collect_from <= _LONGEST, "collect_until", say("领取时间最长三年。"))


def _check_validity(draft: CouponDraft) -> None:
    if draft.valid_days is not None:
        fits = 1 <= draft.valid_days <= MOST_VALID_DAYS
        _need(fits, "valid_days", say("领取后有效天数请填 1 到 %(most)s。", most=MOST_VALID_DAYS))
        return
    _need(draft.valid_from is not None, "valid_from", say("请填写有效期的开始日期。"))
    _need(draft.valid_until is not None, "valid_until", say("请填写有效期的结束日期。"))
    if draft.valid_from is None or draft.valid_until is None:
        return
    _need(draft.valid_from <= draft.valid_until, "valid_until", say("有效期的结束日期比开始日期还早。"))
    _need(draft.valid_until >= draft.collect_from, "valid_until", say("还没开始领取，有效期就结束了。"))
    _need(draft.valid_until - draft.valid_from <= _LONGEST, "valid_until", say("有效期最长三年。"))


def _check_counts(draft: CouponDraft) -> None:
    _need(1 <= draft.total <= MOST_ISSUED, "total", say("总量请填 1 到 %(most)s。", most=MOST_ISSUED))
    fits = 1 <= draft.per_person <= MOST_PER_PERSON
    _need(fits, "per_person", say("每人限领请填 1 到 %(most)s。", most=MOST_PER_PERSON))
    _need(0 < draft.weekdays <= EVERY_DAY, "weekdays", say("请至少选一个可用的日子。"))


def _need(holds: bool, field: str, sentence: Text) -> None:
    if not holds:
        raise Refusal(sentence, field=field)
