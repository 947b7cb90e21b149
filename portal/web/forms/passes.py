"""Forms of passes. They read what was typed; whether it can be, the domain says."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import request
from wtforms import BooleanField, HiddenField, StringField, TextAreaField

from portal.domain.passes.queries import KindShown
from portal.domain.passes.values import KindDraft
from portal.web.forms.base import Form
from portal.web.forms.fields import ManyField, MoneyField, WholeField, ids_of, options
from portal.web.forms.tenants import uuid_or_none
from portal.web.locale import lazy_gettext as _l


def service_of() -> UUID | None:
    """The service that was chosen at the counter, if one was."""
    return uuid_or_none(request.form.get("service"))


class KindForm(Form):
    """A pass as its merchant writes it."""

    name = StringField(_l("名称"))
    uses = WholeField(_l("次数"))
    price = MoneyField(_l("价格"))
    worth = MoneyField(_l("单次购买的总价"))
    services = ManyField(_l("可用的服务"))
    valid_days = WholeField(_l("有效天数"))
    transferable = BooleanField(_l("可以转赠给别人"))
    shared = BooleanField(_l("可以和家人朋友共享"))
    per_person = WholeField(_l("每人限买"))
    words = TextAreaField(_l("使用说明"))

    def offer(self, services: dict[UUID, str]) -> KindForm:
        """Offer these services."""
        self.services.choices = options(*((str(one), name) for one, name in services.items()))
        self.services.data = self.services.data or []
        return self

    def draft(self) -> KindDraft:
        """What was entered."""
        return KindDraft(
            name=self.name.data or "",
            words=self.words.data or "",
            uses=self.uses.data or 0,
            price_fen=self.price.data or 0,
            worth_fen=self.worth.data or 0,
            valid_days=self.valid_days.data,
            transferable=bool(self.transferable.data),
            shared=bool(self.shared.data),
            per_person=self.per_person.data or 0,
            service_ids=ids_of(self.services.data or (), self.services.choices),
        )


def kind_values(kind: KindShown) -> dict[str, Any]:
    """A kind as the form's first values."""
    return {
        "name": kind.name,
        "uses": kind.uses,
        "price": kind.price_fen,
        "worth": kind.worth_fen or None,
        "services": [str(one) for one in kind.service_ids],
        "valid_days": kind.valid_days,
        "transferable": kind.transferable,
        "shared": kind.shared,
        "per_person": kind.per_person or None,
        "words": kind.words,
    }


class BackForm(Form):
    """What the page showed as going back, and the merchant's reason."""

    shown = HiddenField()
    reason = StringField(_l("退款原因"))

    def shown_fen(self) -> int:
        """The amount that was read; nonsense is nought."""
        text = self.shown.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) <= 10 else 0


class ExtendForm(Form):
    """How many days more."""

    days = WholeField(_l("延长天数"))
