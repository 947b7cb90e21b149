"""Forms of turns, clients' records and commissions. They read what was typed; whether it can be, the domain says."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from wtforms import HiddenField, MultipleFileField, RadioField, SelectField, StringField, TelField, TextAreaField
from wtforms.fields.choices import SelectChoice

from portal.domain.clients.values import MOST_WORDS
from portal.domain.commissions.values import Kind, RuleDraft
from portal.domain.commissions.values import Turn as Which
from portal.domain.turns.values import Declined, Requested
from portal.kernel.refusals import NotFound, Refusal
from portal.kernel.typed import half_width
from portal.kernel.words import say
from portal.web.forms.base import Form
from portal.web.forms.fields import MoneyField, WholeField, options
from portal.web.forms.platform import at_most
from portal.web.locale import lazy_gettext as _l

NONE = SelectChoice("", _l("全部"))
HUNDREDTHS = 2


def id_of(text: str | None) -> UUID:
    """An id from a hidden field or a list. What is none is nobody's."""
    try:
        return UUID(text or "")
    except ValueError:
        raise NotFound from None


class WhoForm(Form):
    """Somebody of the turn list."""

    technician = HiddenField()

    def who(self) -> UUID:
        """His id. Raises NotFound."""
        return id_of(self.technician.data)


class DeclineForm(WhoForm):
    """A turn that is given away, and why."""

    reason = StringField(_l("为什么让出这一牌"), [at_most(60)])


class PutForm(WhoForm):
    """Another place by hand."""

    nth = WholeField(_l("排到第几位"))
    reason = StringField(_l("调整原因"), [at_most(60)])


class RuleForm(Form):
    """The store's rule of turns."""

    requested = RadioField(
        _l("客人点钟时"),
        choices=options((Requested.KEEPS.value, _l("牌位不动，照样轮")), (Requested.END.value, _l("算一牌，排到末尾"))),
    )
    declined = RadioField(
        _l("让出一牌时"),
        choices=options(
            (Declined.END.value, _l("排到末尾")),
            (Declined.ONE.value, _l("让一位，排到下一个后面")),
            (Declined.KEEPS.value, _l("牌位不动")),
        ),
    )


class ClientForm(Form):
    """A record for somebody without an account."""

    name = StringField(_l("怎么称呼"), [at_most(40)])
    phone = TelField(_l("手机号"), [at_most(40)])


class KeepForm(Form):
    """What colleagues must know of a client."""

    allergies = TextAreaField(_l("过敏和禁忌"), [at_most(MOST_WORDS)])
    preferences = TextAreaField(_l("偏好"), [at_most(MOST_WORDS)])
    note = TextAreaField(_l("备注"), [at_most(MOST_WORDS)])
    seen = HiddenField()

    def words(self) -> dict[str, Any]:
        """What was typed; a field that was not sent is empty. `seen`: which state of the record was before the eyes."""
        typed: dict[str, Any] = {name: getattr(self, name).data or "" for name in ("allergies", "preferences", "note")}
        try:
            return typed | {"seen": datetime.fromisoformat(self.seen.data) if self.seen.data else None}
        except ValueError:
            raise NotFound from None


class PhotosForm(Form):
    """Photos before and after."""

    photos = MultipleFileField(_l("照片"))
    caption = StringField(_l("说明"), [at_most(60)])


class PercentField(StringField):  # type: ignore[misc]  # wtforms ships no types
    """Per cent as people type it: 15, 12.5."""


class CommissionForm(Form):
    """A rule: for what, where, and how much."""

    kind = RadioField(
        _l("为什么给"),
        choices=options(
            (Kind.WORK.value, _l("手工（付现金或线上付款的服务）")),
            (Kind.CARD_USE.value, _l("消卡（用次卡的服务）")),
            (Kind.CARD_SALE.value, _l("卖卡")),
        ),
        default=Kind.WORK.value,
    )
    turn = RadioField(
        _l("点钟还是排钟"),
        choices=options(
            (Which.ANY.value, _l("不分")), (Which.REQUESTED.value, _l("点钟")), (Which.ROTATED.value, _l("排钟"))
        ),
        default=Which.ANY.value,
    )
    subject = SelectField(_l("服务或次卡"), validate_choice=False)
    store = SelectField(_l("门店"), validate_choice=False)
    percent = PercentField(_l("比例"), [at_most(12)])
    fixed = MoneyField(_l("或每次固定"))

    def offer(self, subjects: Sequence[SelectChoice], stores: Sequence[SelectChoice]) -> CommissionForm:
        """What can be chosen."""
        self.subject.choices, self.store.choices = [NONE, *subjects], [NONE, *stores]
        return self

    def draft(self) -> RuleDraft:
        """The rule as it was typed. Refuses shares that are no number."""
        return RuleDraft(
            kind=Kind(self.kind.data),
            store_id=self._chosen(self.store),
            subject_id=self._chosen(self.subject),
            turn=Which(self.turn.data),
            percent_bp=_basis_points(self.percent.data or ""),
            fixed_fen=self.fixed.data,
        )

    @staticmethod
    def _chosen(field: Any) -> UUID | None:
        if not field.data:
            return None
        if field.data not in {choice.value for choice in field.choices}:
            raise Refusal(say("请从列表里选择。"), field=field.short_name)
        return UUID(field.data)


def _basis_points(text: str) -> int | None:
    plain = half_width(text).strip().removesuffix("%").strip()
    if not plain:
        return None
    whole, _dot, part = plain.partition(".")
    figures = (whole + part).isascii() and (whole + part).isdigit()
    if not figures or len(whole) > 3 or len(part) > HUNDREDTHS:
        raise Refusal(say("比例请填数字，例如 15 或 12.5。"), field="percent")
    return int(whole or "0") * 100 + int(part.ljust(HUNDREDTHS, "0") or "0")


class SaleForm(Form):
    """Who sold a pass."""

    sold, technician = HiddenField(), SelectField(_l("技师"), validate_choice=False)


class BackForm(Form):
    """Why an entry is taken back."""

    reason = StringField(_l("为什么撤回"), [at_most(60)])
