"""Forms of menus. They read what was typed; whether it can be, the domain says."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, HiddenField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from portal.domain.menus.queries.desk import DishShown, MenuLine
from portal.domain.menus.values import (
    PER_GRAMS,
    DishFacts,
    DishKind,
    MenuFacts,
    Pricing,
    TableRules,
)
from portal.kernel.hours import WeeklyHours, format_spans, parse_spans
from portal.kernel.typed import half_width
from portal.web.forms.base import Form
from portal.web.forms.fields import ManyField, MoneyField, ids_of, options
from portal.web.locale import lazy_gettext as _l
from portal.web.menuwords import UNTILS

PRICED = (("fixed", _l("按份")), ("market", _l("时价")), ("weight", _l("称重")))
DAYS = tuple(str(at) for at in range(7))


def _short(most: int) -> Length:
    return Length(max=most, message=_l("最多 %(max)d 个字。"))


def chosen_ids(values: Iterable[str]) -> list[UUID]:
    """The ids among what came; nonsense is left out."""
    found = []
    for value in values:
        try:
            found.append(UUID(value))
        except ValueError:
            continue
    return found


class StopForm(Form):
    """Which dishes are sold out, and until when."""

    ids = ManyField(_l("菜品"))
    until = RadioField(_l("沽清到"), choices=options(*UNTILS), default="day", validate_choice=False)
    pieces = StringField(_l("还剩几份"))

    def left(self) -> int | None:
        """How many are left; None: none is. Refuses what is no number at the field."""
        text = half_width(self.pieces.data or "").strip()
        if not text:
            return None
        return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


class DishForm(Form):
    """A dish as its merchant writes it."""

    version = HiddenField()
    name = StringField(_l("菜名"), [_short(60)])
    pricing = RadioField(_l("计价"), choices=options(*PRICED), default="fixed", validate_choice=False)
    price = MoneyField(_l("价格"))
    per_grams = SelectField(
        _l("按多少克计价"), choices=options(*((str(one), f"{one} g") for one in PER_GRAMS)), default="500"
    )
    unit = StringField(_l("单位"), [_short(12)], default="份")
    combo = BooleanField(_l("这是套餐"))
    sections = ManyField(_l("放在哪些分类"))
    station = StringField(_l("档口"), [_short(12)])
    note = TextAreaField(_l("说明"), [_short(300)])
    picture = FileField(_l("图片"))

    def offer(self, menus: Iterable[MenuLine]) -> DishForm:
        """Offer the sections of these menus."""
        several = [(menu, section) for menu in menus for section in menu.sections]
        self.sections.choices = options(*((str(one.id), f"{menu.name} · {one.name}") for menu, one in several))
        return self

    def dish(self) -> DishFacts:
        """What was entered."""
        pricing = Pricing(self.pricing.data) if self.pricing.data in set(Pricing) else Pricing.FIXED
        known = [option.value for option in self.sections.choices or ()]
        wanted = ids_of(self.sections.data or (), self.sections.choices or ())
        return DishFacts(
            name=self.name.data or "",
            price_fen=self.price.data or 0,
            unit=self.unit.data or "",
            kind=DishKind.COMBO if self.combo.data else DishKind.DISH,
            pricing=pricing,
            per_grams=int(self.per_grams.data or 500),
            station=self.station.data or "",
            note=self.note.data or "",
            sections=tuple(UUID(one) for one in known if UUID(one) in wanted),
        )


def dish_values(shown: DishShown) -> dict[str, Any]:
    """A dish as the form's first values."""
    facts = shown.facts
    return {
        "version": str(shown.version),
        "name": facts.name,
        "pricing": facts.pricing.value,
        "price": facts.price_fen,
        "per_grams": str(facts.per_grams),
        "unit": facts.unit,
        "combo": facts.kind is DishKind.COMBO,
        "sections": [str(one) for one in facts.sections],
        "station": facts.station,
        "note": facts.note,
    }


class MenuForm(Form):
    """A menu: its name, when and where it is served."""

    name = StringField(_l("菜单名称"), [_short(30)])
    active = BooleanField(_l("上架"), default=True)
    times = StringField(_l("供应时段"), [_short(120)])
    days = ManyField(
        _l("供应日子"),
        choices=options(
            *zip(
                DAYS,
                (_l("周一"), _l("周二"), _l("周三"), _l("周四"), _l("周五"), _l("周六"), _l("周日")),
                strict=True,
            )
        ),
    )
    everywhere = RadioField(
        _l("在哪些门店供应"),
        choices=options(("all", _l("所有门店")), ("some", _l("只在选中的门店"))),
        default="all",
    )
    stores = ManyField(_l("门店"))

    def offer(self, stores: Iterable[tuple[str, str]]) -> MenuForm:
        """Offer these stores (id, name)."""
        self.stores.choices = options(*stores)
        return self

    def menu(self) -> MenuFacts:
        """What was entered. Refuses times that cannot be read."""
        return MenuFacts(
            name=self.name.data or "",
            hours=self._hours(),
            everywhere=self.everywhere.data != "some",
            stores=tuple(ids_of(self.stores.data or (), self.stores.choices or ())),
            active=bool(self.active.data),
        )

    def _hours(self) -> WeeklyHours | None:
        days = {day for day in self.days.data or () if day in DAYS}
        typed = (self.times.data or "").strip()
        if not typed and len(days) in (0, 7):
            return None
        spans = parse_spans(typed or "00:00-24:00", field="times")
        return WeeklyHours(week=tuple(tuple(spans) if str(day) in (days or set(DAYS)) else () for day in range(7)))


def menu_values(line: MenuLine) -> dict[str, Any]:
    """A menu as the form's first values."""
    week = line.hours.week if line.hours else ()
    return {
        "name": line.name,
        "active": line.active,
        "times": format_spans(next(spans for spans in week if spans)) if any(week) else "",
        "days": [str(day) for day, spans in enumerate(week) if spans],
        "everywhere": "all" if line.everywhere else "some",
        "stores": [str(one) for one in line.stores],
    }


class SectionForm(Form):
    """A heading."""

    name = StringField(_l("分类名称"), [_short(30)])


class TableRulesForm(Form):
    """How a store keeps its tables."""

    cover = MoneyField(_l("每位茶位费"))
    cover_name = StringField(_l("叫什么"), [_short(30)], default="茶位费")
    musts = ManyField(_l("必点（每桌一份）"))
    pays = RadioField(
        _l("什么时候付款"),
        choices=options(("after", _l("后付：吃完结账")), ("before", _l("先付：下单就付"))),
        default="after",
    )
    opens = RadioField(
        _l("谁来开台"), choices=options(("staff", _l("店员开台")), ("guest", _l("客人扫码就开"))), default="staff"
    )
    shared = RadioField(_l("账单"), choices=options(("yes", _l("一桌一单")), ("no", _l("各点各付"))), default="yes")
    joins = RadioField(
        _l("别人扫桌码加入"),
        choices=options(("open", _l("直接加入")), ("asked", _l("要同桌的人或店员同意"))),
        default="open",
    )
    order_minutes = IntegerField(_l("付清后还能接着点几分钟"), [InputRequired(_l("请填写整数。"))], default=15)

    def rules(self) -> TableRules:
        """What was entered."""
        offered = self.musts.choices or ()
        return TableRules(
            cover_fen=self.cover.data or 0,
            cover_name=self.cover_name.data or "",
            musts=tuple(UUID(one.value) for one in offered if one.value in (self.musts.data or ())),
            pays="before" if self.pays.data == "before" else "after",
            opens="guest" if self.opens.data == "guest" else "staff",
            shared=self.shared.data != "no",
            joins="asked" if self.joins.data == "asked" else "open",
            order_minutes=self.order_minutes.data or 0,
        )


def table_values(rules: TableRules) -> dict[str, Any]:
    """Rules as the form's first values."""
    return {
        "cover": rules.cover_fen or None,
        "cover_name": rules.cover_name,
        "musts": [str(one) for one in rules.musts],
        "pays": rules.pays,
        "opens": rules.opens,
        "shared": "yes" if rules.shared else "no",
        "joins": rules.joins,
        "order_minutes": rules.order_minutes,
    }


class BringForm(Form):
    """A menu's file."""

    file = FileField(_l("菜单文件"), [FileRequired(_l("请先选择文件。"))])


class RowForm(Form):
    """One row of a file, mended."""

    name = StringField(_l("菜名"), [_short(60)])
    section = SelectField(_l("分类"), validate_choice=False)
    unit = StringField(_l("单位"), [_short(12)])
    pricing = RadioField(_l("计价"), choices=options(*PRICED), default="fixed", validate_choice=False)
    price = MoneyField(_l("价格"))
    repeat = RadioField(
        _l("和前面重名"),
        choices=options(("same", _l("同一道菜，放在两个分类")), ("own", _l("另一道菜"))),
        validate_choice=False,
    )
    skipped = BooleanField(_l("不导入这一行"))
