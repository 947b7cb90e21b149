"""Forms of freight: a template with its regions, and the calculator. What was typed stays as it was typed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from wtforms import BooleanField, FieldList, FormField, HiddenField, RadioField, SelectField, StringField
from wtforms import Form as Part

from portal.domain.freight.rules.places import read_places, said
from portal.domain.freight.values import MOST_ZONES, FreightLine, Tariff, Template, TemplateDraft, Unit, Zone
from portal.kernel.database import new_id
from portal.kernel.money import parse_yuan
from portal.kernel.refusals import Refusal
from portal.kernel.typed import half_width
from portal.kernel.words import say
from portal.web.forms.base import Form
from portal.web.forms.fields import ManyField, options
from portal.web.locale import lazy_gettext as _l
from portal.web.locale import said as spoken

_KILOS: Final = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,3})?")
LABELS: Final = {
    Unit.WEIGHT: (_l("首重（千克）"), _l("首重运费"), _l("续重（千克）"), _l("续重运费")),
    Unit.PIECE: (_l("首件（件）"), _l("首件运费"), _l("续件（件）"), _l("续件运费")),
}
TARIFF: Final = ("first", "first_fee", "next", "next_fee")


class MoneyTextField(StringField):  # type: ignore[misc]  # wtforms ships no types
    """Yuan, read only when everything is read."""


class ZoneRow(Part):  # type: ignore[misc]
    """Places with their own tariff: provinces are ticked, cities are typed, or all of them are."""

    provinces = ManyField(_l("省份"))
    cities = StringField(_l("省市名称"))
    first, first_fee = StringField(default="1"), MoneyTextField()
    next, next_fee = StringField(default="1"), MoneyTextField()
    free_over = MoneyTextField(_l("满多少包邮"))


class FreightForm(Form):
    """A template as its supplier writes it."""

    version = HiddenField(default="0")
    unit = HiddenField(default=Unit.WEIGHT.value)
    name = StringField(_l("模板名称"))
    default = BooleanField(_l("设为默认：没有单独指定模板的商品都用它"))
    free_over = MoneyTextField(_l("满多少包邮"))
    rest = RadioField(
        _l("是否送达"),
        choices=options(("served", _l("按下面的价格")), ("unserved", _l("不送达"))),
        default="served",
        validate_choice=False,
    )
    first, first_fee = StringField(default="1"), MoneyTextField()
    next, next_fee = StringField(default="1"), MoneyTextField()
    zones = FieldList(FormField(ZoneRow), label=_l("地区价格"), max_entries=MOST_ZONES)
    unserved_provinces = ManyField(_l("不送达的省份"))
    unserved = StringField(_l("不送达的省市"))

    def counted(self) -> Unit:
        """What is counted; weight when the page did not say."""
        return Unit.PIECE if self.unit.data == Unit.PIECE.value else Unit.WEIGHT

    def offer(self, names: Mapping[str, str]) -> FreightForm:
        """Provinces to tick, and labels that say what is counted."""
        choices = options(*((code, name) for code, name in names.items() if len(code) == 2))
        self.unserved_provinces.choices = choices
        for part in (self, *(row.form for row in self.zones)):
            if part is not self:
                part.provinces.choices = choices
            for name, label in zip(TARIFF, LABELS[self.counted()], strict=True):
                part[name].label.text = label
        return self

    def shape(self, act: str) -> None:
        """One row more, or one less; what was typed stays."""
        rows = [{name: field.data for name, field in row.form._fields.items()} for row in self.zones]
        dropped = act.removeprefix("drop-")
        if act == "add" and len(rows) < MOST_ZONES:
            rows.append({"first": "1", "next": "1"})
        elif dropped.isascii() and dropped.isdigit() and int(dropped) < len(rows):
            rows.pop(int(dropped))
        while self.zones.entries:
            self.zones.pop_entry()
        for row in rows:
            self.zones.append_entry(row)

    def draft(self, names: Mapping[str, str]) -> TemplateDraft:
        """What was entered. Refuses what cannot be read, at its field."""
        zones = tuple(self._zone(row.form, at, names) for at, row in enumerate(self.zones))
        typed = read_places(self.unserved.data or "", names, field="unserved")
        return TemplateDraft(
            name=self.name.data or "",
            unit=self.counted(),
            rest=None if self.rest.data == "unserved" else self._tariff(self, ""),
            zones=zones,
            unserved=_together(self.unserved_provinces.data, typed),
            free_over_fen=_yuan(self.free_over.data, "free_over", optional=True),
        )

    def _zone(self, row: ZoneRow, at: int, names: Mapping[str, str]) -> Zone:
        typed = read_places(row.cities.data or "", names, field=f"zones-{at}-cities")
        over = _yuan(row.free_over.data, f"zones-{at}-free_over", optional=True)
        return Zone(_together(row.provinces.data, typed), self._tariff(row, f"zones-{at}-", over))

    def _tariff(self, part: Any, prefix: str, over: int | None = None) -> Tariff:
        first, following = (read_units(self.counted(), part[one].data, f"{prefix}{one}") for one in ("first", "next"))
        fees = [_yuan(part[one].data, f"{prefix}{one}") or 0 for one in ("first_fee", "next_fee")]
        return Tariff(first, fees[0], following, fees[1], over)

    def refuse(self, refusal: Refusal) -> None:
        """A refusal of one region stands at its field, and in the summary."""
        table, _, rest = (refusal.field or "").partition("-")
        number, _, name = rest.partition("-")
        if table == "zones" and number.isdigit() and int(number) < len(self.zones.entries):
            field = self.zones.entries[int(number)].form[name]
            field.errors = [*field.errors, spoken(refusal.sentence)]
            self.zones.errors = [*self.zones.errors, spoken(refusal.sentence)]
            return
        super().refuse(refusal)


def template_values(shown: Template, names: Mapping[str, str]) -> dict[str, Any]:
    """A template as the form's first values."""
    draft = shown.draft
    rest = draft.rest or Tariff(1, 0, 1, 0)
    return {
        "version": str(shown.version),
        "unit": draft.unit.value,
        "name": draft.name,
        "default": shown.is_default,
        "rest": "served" if draft.rest else "unserved",
        **_tariff_values(draft.unit, rest),
        "free_over": _written(draft.free_over_fen),
        "zones": [
            {**_places_values(zone.codes, names), **_tariff_values(draft.unit, zone.tariff)} for zone in draft.zones
        ],
        "unserved_provinces": [code for code in draft.unserved if len(code) == 2],
        "unserved": said([code for code in draft.unserved if len(code) > 2], names),
    }


def _places_values(codes: tuple[str, ...], names: Mapping[str, str]) -> dict[str, Any]:
    provinces = [code for code in codes if len(code) == 2]
    return {"provinces": provinces, "cities": said([code for code in codes if len(code) > 2], names)}


def _tariff_values(unit: Unit, tariff: Tariff) -> dict[str, str]:
    return {
        "first": write_units(unit, tariff.first_units),
        "first_fee": _written(tariff.first_fen),
        "next": write_units(unit, tariff.next_units),
        "next_fee": _written(tariff.next_fen),
        "free_over": _written(tariff.free_over_fen),
    }


class TryForm(Part):  # type: ignore[misc]
    """The calculator; its answer is a page of its own address."""

    template = SelectField(_l("运费模板"), validate_choice=False)
    to = StringField(_l("寄到"))
    pieces = StringField(_l("件数"), default="1")
    kilos = StringField(_l("总重量"), default="1")
    goods = MoneyTextField(_l("商品金额"))

    def line(self) -> FreightLine:
        """What is to be sent. Refuses what cannot be read."""
        pieces = read_units(Unit.PIECE, self.pieces.data, "pieces")
        grams = read_units(Unit.WEIGHT, self.kilos.data, "kilos")
        return FreightLine(new_id(), pieces, grams, _yuan(self.goods.data, "goods", optional=True) or 0)

    def refuse(self, refusal: Refusal) -> None:
        """Put the sentence at its field."""
        field = self._fields[refusal.field or "to"]
        field.errors = [*field.errors, spoken(refusal.sentence)]


def read_units(unit: Unit, text: str | None, field: str) -> int:
    """Pieces, or kilograms as grams. Refuses what is no number; how many there may be the domain says."""
    plain = half_width(text or "").strip().removesuffix("kg").removesuffix("千克").removesuffix("件").strip()
    if unit is Unit.PIECE:
        if not plain.isascii() or not plain.isdigit() or len(plain) > 6:
            raise Refusal(say("请填写一个整数。"), field=field)
        return int(plain)
    if not _KILOS.fullmatch(plain):
        raise Refusal(say("重量请写成千克数，例如 1 或 0.5。"), field=field)
    whole, _, part = plain.partition(".")
    return int(whole) * 1000 + int(part.ljust(3, "0"))


def write_units(unit: Unit, units: int) -> str:
    """As it is typed: 2, or 0.5 for grams."""
    if unit is Unit.PIECE:
        return str(units)
    whole, grams = divmod(units, 1000)
    return f"{whole}.{grams:03}".rstrip("0").rstrip(".")


def _yuan(text: str | None, field: str, *, optional: bool = False) -> int | None:
    if optional and not (text or "").strip():
        return None
    return parse_yuan(text or "", field=field)


def _written(fen: int | None) -> str:
    if fen is None:
        return ""
    yuan, cents = divmod(fen, 100)
    return f"{yuan}.{cents:02}" if cents else str(yuan)


def _together(ticked: list[str] | None, typed: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for one in [*(ticked or []), *typed] if one))
