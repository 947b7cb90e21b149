"""Forms of coupons and of the counter. They read what was typed; whether it can be, the domain says."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from wtforms import Field, RadioField, StringField, TextAreaField

from portal.domain.vouchers.queries import CouponFacts
from portal.domain.vouchers.rules import words
from portal.domain.vouchers.values import EVERY_DAY, CouponDraft, CouponKind, UndoReason, Worth
from portal.kernel.refusals import Refusal
from portal.web.forms.base import Form
from portal.web.forms.fields import DayField, DiscountField, ManyField, MoneyField, WholeField, ids_of, options
from portal.web.locale import lazy_gettext as _l

_DAYS = (_l("周一"), _l("周二"), _l("周三"), _l("周四"), _l("周五"), _l("周六"), _l("周日"))


def mask_of(days: Iterable[str]) -> int:
    """The bit mask of chosen weekdays."""
    return sum({1 << int(day) for day in days if day in {"0", "1", "2", "3", "4", "5", "6"}})


class CouponForm(Form):
    """A coupon as its merchant writes it."""

    title = StringField(_l("券名"))
    kind = RadioField(
        _l("优惠方式"), choices=options(("amount", _l("减多少元")), ("discount", _l("打几折"))), default="amount"
    )
    amount = MoneyField(_l("减多少"))
    discount = DiscountField(_l("折扣"))
    max_discount = MoneyField(_l("最多减"))
    threshold = MoneyField(_l("消费满多少可用"))
    collect_from = DayField(_l("领取开始"))
    collect_until = DayField(_l("领取结束"))
    validity = RadioField(
        _l("有效期"), choices=options(("period", _l("固定日期")), ("days", _l("领取后若干天"))), default="period"
    )
    valid_from = DayField(_l("有效期从"))
    valid_until = DayField(_l("有效期到"))
    valid_days = WholeField(_l("领取后有效天数"))
    weekdays = ManyField(_l("可用的日子"), choices=options(*((str(at), name) for at, name in enumerate(_DAYS))))
    total = WholeField(_l("发放总量"), default=100)
    per_person = WholeField(_l("每人限领"), default=1)
    stores = ManyField(_l("适用门店"))
    note = TextAreaField(_l("使用说明"))

    def offer(self, stores: list[tuple[str, str]]) -> CouponForm:
        """Offer these stores (id, name); the only one is chosen before anybody asks."""
        self.stores.choices = options(*stores)
        if not self.stores.data:
            self.stores.data = [stores[0][0]] if len(stores) == 1 else []
        return self

    def validate(self, extra_validators: Any = None) -> bool:
        """Fields that the chosen kind and period do not use may hold anything."""
        unused = ["amount"] if self.kind.data == "discount" else ["discount", "max_discount"]
        unused += ["valid_from", "valid_until"] if self.validity.data == "days" else ["valid_days"]
        for name in unused:
            self[name].process_errors = []
        return bool(super().validate(extra_validators))

    def draft(self) -> CouponDraft:
        """What was entered. Refuses days that are missing."""
        by_days = self.validity.data == "days"
        return CouponDraft(
            title=self.title.data or "",
            worth=self._worth(),
            collect_from=_needed(self.collect_from),
            collect_until=_needed(self.collect_until),
            valid_from=None if by_days else self.valid_from.data,
            valid_until=None if by_days else self.valid_until.data,
            valid_days=(self.valid_days.data or 0) if by_days else None,
            weekdays=mask_of(self.weekdays.data or ()),
            total=self.total.data or 0,
            per_person=self.per_person.data or 0,
            note=self.note.data or "",
            store_ids=ids_of(self.stores.data or (), self.stores.choices),
        )

    def _worth(self) -> Worth:
        floor = self.threshold.data or 0
        if self.kind.data == "discount":
            percent, most = self.discount.data, self.max_discount.data
            return Worth(CouponKind.DISCOUNT, pay_percent=percent, max_discount_fen=most, threshold_fen=floor)
        return Worth(CouponKind.AMOUNT, amount_fen=self.amount.data, threshold_fen=floor)


def _needed(field: Field) -> date:
    if field.data is None:
        raise Refusal(words.MISSING_DAY, field=field.short_name)
    found: date = field.data
    return found


def _day_or(field: Field, otherwise: date) -> date:
    found: date | None = field.data
    return otherwise if found is None else found


def coupon_values(draft: CouponDraft) -> dict[str, Any]:
    """A draft as the form's first values."""
    return {
        "title": draft.title,
        "kind": draft.worth.kind.value,
        "amount": draft.worth.amount_fen,
        "discount": draft.worth.pay_percent,
        "max_discount": draft.worth.max_discount_fen,
        "threshold": draft.worth.threshold_fen or None,
        "collect_from": draft.collect_from,
        "collect_until": draft.collect_until,
        "validity": "period" if draft.valid_days is None else "days",
        "valid_from": draft.valid_from,
        "valid_until": draft.valid_until,
        "valid_days": draft.valid_days,
        "weekdays": [str(at) for at in range(7) if draft.weekdays >> at & 1],
        "total": draft.total,
        "per_person": draft.per_person,
        "stores": [str(store_id) for store_id in sorted(draft.store_ids)],
        "note": draft.note,
    }


def new_coupon(today: date) -> dict[str, Any]:
    """The first values of an empty form: thirty days from today, every day of the week."""
    until = today + timedelta(days=29)
    every = [str(at) for at in range(7) if EVERY_DAY >> at & 1]
    days = {"collect_from": today, "collect_until": until, "valid_from": today, "valid_until": until}
    return {**days, "weekdays": every}


class ExtendForm(Form):
    """What may still change after publishing."""

    total = WholeField(_l("发放总量"))
    collect_until = DayField(_l("领取结束"))
    stores = ManyField(_l("适用门店"))

    def offer(self, stores: list[tuple[str, str]]) -> ExtendForm:
        """Offer these stores (id, name)."""
        self.stores.choices = options(*stores)
        return self

    def facts_for(self, coupon: CouponFacts) -> dict[str, Any]:
        """The arguments of `extend`; a day that is not given stays as it is."""
        return {
            "total": self.total.data or 0,
            "collect_until": _day_or(self.collect_until, coupon.draft.collect_until),
            "store_ids": ids_of(self.stores.data or (), self.stores.choices),
        }


class LimitForm(Form):
    """A store's own limit for undoing."""

    minutes = WholeField(_l("分钟"))


class CodeForm(Form):
    """A code at the counter, scanned or typed."""

    code = StringField(_l("券码"))


class UndoForm(Form):
    """Why a redemption is taken back."""

    reason = RadioField(
        _l("撤销原因"),
        choices=options(
            (UndoReason.WRONG_VOUCHER.value, _l("扫错了券")),
            (UndoReason.NOT_PAID.value, _l("顾客没有消费")),
            (UndoReason.CUSTOMER_LEFT.value, _l("顾客改用别的优惠")),
            (UndoReason.OTHER.value, _l("其他原因")),
        ),
        default=UndoReason.WRONG_VOUCHER.value,
        validate_choice=False,
    )
    note = StringField(_l("补充说明"))

    def why(self) -> UndoReason:
        """The reason chosen. Refuses what is not on the list."""
        try:
            return UndoReason(self.reason.data)
        except ValueError:
            raise Refusal(words.REASON_MISSING, field="reason") from None
