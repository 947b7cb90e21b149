"""Forms of stations and printers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from wtforms import BooleanField, PasswordField, RadioField, SelectField, StringField

from portal.domain.kitchen.rules.times import AMBER_MINUTES, RED_MINUTES
from portal.domain.kitchen.values import PrinterSetup, PrinterView, Slips, StationView, Vendor
from portal.kernel.refusals import Refusal
from portal.kernel.typed import half_width
from portal.kernel.words import say
from portal.web.forms.base import Form
from portal.web.forms.fields import ManyField, options
from portal.web.forms.menus import chosen_ids
from portal.web.kitchenwords import SLIPS, VENDORS
from portal.web.locale import lazy_gettext as _l

NOWHERE = ""


class PrinterForm(Form):
    """A printer. The secret is typed, never shown again."""

    name = StringField(_l("名称"))
    vendor = RadioField(_l("类型"), default=Vendor.ESCPOS.value, validate_choice=False)
    address = StringField(_l("地址或编号"))
    account = StringField(_l("厂商账号"))
    secret = PasswordField(_l("厂商密钥"))
    width = RadioField(
        _l("纸宽"), choices=options(("58", _l("58 毫米")), ("80", _l("80 毫米"))), default="80", validate_choice=False
    )
    slips = RadioField(
        _l("制作单怎么打"), choices=options(*((one.value, SLIPS[one]) for one in Slips)), default=Slips.ROUND.value,
        validate_choice=False,
    )  # fmt: skip
    buzzer = BooleanField(_l("来单时蜂鸣"), default=True)
    receipts = BooleanField(_l("也打顾客小票"))

    def offer(self, vendors: Iterable[Vendor]) -> PrinterForm:
        """The vendors of this installation."""
        self.vendor.choices = options(*((one.value, VENDORS[one]) for one in vendors))
        return self

    @classmethod
    def of(cls, printer: PrinterView) -> PrinterForm:
        """As it is set up."""
        facts = {name: getattr(printer, name) for name in ("name", "account", "address", "buzzer", "receipts")}
        width, slips = str(printer.width_mm), printer.slips.value
        return cls(formdata=None, vendor=printer.vendor.value, width=width, slips=slips, **facts)

    def setup(self) -> PrinterSetup:
        """What is to be set up. Refuses what is not on the page."""
        try:
            vendor, slips, width = Vendor(self.vendor.data), Slips(self.slips.data), int(self.width.data or "80")
        except ValueError:
            raise Refusal(say("请选择打印机的类型。"), field="vendor") from None
        if width not in (58, 80) or self.vendor.data not in {one[0] for one in self.vendor.iter_choices()}:
            raise Refusal(say("请选择打印机的类型。"), field="vendor")
        return PrinterSetup(
            name=self.name.data or "",
            vendor=vendor,
            account=self.account.data or "",
            secret=self.secret.data or "",
            address=self.address.data or "",
            width_mm=width,
            slips=slips,
            buzzer=bool(self.buzzer.data),
            receipts=bool(self.receipts.data),
        )


class StationForm(Form):
    """A station."""

    name = StringField(_l("名称"))
    tags = StringField(_l("做哪些档口标签的菜"))
    catch_all = BooleanField(_l("其余的菜也归这里"))
    dishes = ManyField(_l("单独指定的菜"))
    printer = SelectField(_l("打印机"), default=NOWHERE, validate_choice=False)
    spare = SelectField(_l("备用打印机"), default=NOWHERE, validate_choice=False)
    amber_minutes = StringField(_l("几分钟变黄"), default=str(AMBER_MINUTES))
    red_minutes = StringField(_l("几分钟变红"), default=str(RED_MINUTES))

    def offer(self, printers: Iterable[PrinterView], dishes: Iterable[tuple[UUID, str]]) -> StationForm:
        """The store's printers and the merchant's dishes."""
        self.dishes.choices = options(*((str(dish_id), name) for dish_id, name in dishes))
        known = [(str(one.id), one.name) for one in printers]
        self.printer.choices = options((NOWHERE, _l("不打印，只看屏幕")), *known)
        self.spare.choices = options((NOWHERE, _l("没有备用")), *known)
        return self

    @classmethod
    def of(cls, station: StationView) -> StationForm:
        """As it is set up."""
        facts = {name: getattr(station, name) for name in ("name", "catch_all", "amber_minutes", "red_minutes")}
        printer = str(station.printer_id) if station.printer_id else NOWHERE
        spare = str(station.spare_id) if station.spare_id else NOWHERE
        dishes = [str(one) for one in station.dish_ids]
        return cls(formdata=None, tags=" ".join(station.tags), printer=printer, spare=spare, dishes=dishes, **facts)

    def setup(self) -> dict[str, Any]:
        """What is to be set up."""
        return {
            "name": self.name.data or "",
            "tags": self.tags.data or "",
            "catch_all": bool(self.catch_all.data),
            "dish_ids": chosen_ids(self.dishes.data or ()),
            "printer_id": _printer(self.printer.data, "printer"),
            "spare_id": _printer(self.spare.data, "spare"),
            "amber_minutes": _minutes(self.amber_minutes.data),
            "red_minutes": _minutes(self.red_minutes.data),
        }


def _printer(value: str | None, field: str) -> UUID | None:
    try:
        return UUID(value) if value else None
    except ValueError:
        raise Refusal(say("请选择列表里的打印机。"), field=field) from None


def _minutes(typed: str | None) -> int:
    """0 is refused where ages are."""
    text = half_width(typed or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0
