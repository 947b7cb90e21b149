"""Forms of goods: a product with its options and SKUs, stock and prices of one SKU, many at once."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from wtforms import FieldList, FormField, HiddenField, MultipleFileField, RadioField, SelectField, StringField
from wtforms import Form as Part
from wtforms.fields import DateTimeLocalField, TextAreaField

from portal.domain.catalogue.rules.options import combinations, read_options
from portal.domain.catalogue.values import (
    BY_HAND,
    MOST_OPTIONS,
    MOST_SKUS,
    MOVEMENTS,
    Movement,
    Option,
    ProductDraft,
    ProductShown,
    SkuDraft,
)
from portal.kernel.refusals import Refusal
from portal.kernel.words import say
from portal.web.forms.base import Form
from portal.web.forms.fields import MoneyField, WholeField, options
from portal.web.locale import lazy_gettext as _l
from portal.web.locale import said

BETWEEN = "|"
MISSING = say("请填写这一项。")


class SkuRow(Part):  # type: ignore[misc]  # wtforms ships no types
    """One combination in the table of SKUs; `combo` says which, its values joined by |."""

    combo = HiddenField()
    supply = MoneyField(_l("供货价"))
    suggested = MoneyField(_l("建议零售价"))
    grams = WholeField(_l("重量（克）"))
    opening = WholeField(_l("期初库存"), default=0)
    low_mark = WholeField(_l("低库存提醒"), default=0)
    code = StringField(_l("商家编码"))
    barcode = StringField(_l("条码"))

    def values(self) -> tuple[str, ...]:
        """The combination."""
        return tuple((self.combo.data or "").split(BETWEEN)) if self.combo.data else ()


class ProductForm(Form):
    """A product as its supplier writes it."""

    version = HiddenField(default="0")
    name = StringField(_l("商品名称"))
    category = SelectField(_l("类目"), validate_choice=False)
    brand = SelectField(_l("品牌"), validate_choice=False)
    returnable = RadioField(
        _l("七天无理由退货"),
        choices=options(("auto", _l("按类目（生鲜不支持）")), ("yes", _l("支持")), ("no", _l("不支持"))),
        default="auto",
    )
    detail = TextAreaField(_l("商品介绍"))
    option0_name, option0_values = StringField(_l("规格名 1")), StringField(_l("规格值 1"))
    option1_name, option1_values = StringField(_l("规格名 2")), StringField(_l("规格值 2"))
    option2_name, option2_values = StringField(_l("规格名 3")), StringField(_l("规格值 3"))
    skus = FieldList(FormField(SkuRow), min_entries=1, max_entries=MOST_SKUS)

    def options(self) -> tuple[Option, ...]:
        """The options as typed. Refuses halves and doubles."""
        pairs = []
        for at in range(MOST_OPTIONS):
            name, values = self[f"option{at}_name"].data or "", self[f"option{at}_values"].data or ""
            pairs.append((f"option{at}_values", name, values))
        return read_options(pairs)

    def combine(self) -> None:
        """Make the table from the options; what stays keeps what was typed, what is new begins like its like."""
        wanted = combinations(self.options())
        old = {row.form.values(): self._typed(row.form) for row in self.skus}
        first = next(iter(old.values()), {})
        while self.skus.entries:
            self.skus.pop_entry()
        for choice in wanted:
            chosen = set(choice)
            near = next((data for known, data in old.items() if chosen >= set(known) or chosen <= set(known)), first)
            data = old.get(choice) or {**near, "code": "", "barcode": ""}
            self.skus.append_entry({**data, "combo": BETWEEN.join(choice)})

    @staticmethod
    def _typed(row: SkuRow) -> dict[str, Any]:
        return {name: field.data for name, field in row._fields.items()}

    def draft(self, fresh: frozenset[UUID]) -> ProductDraft:
        """What was entered; `fresh` are the categories without return. Refuses what is missing."""
        category = _uuid(self.category.data)
        if category is None:
            raise Refusal(say("请选择商品类目。"), field="category")
        chosen = self.returnable.data
        return ProductDraft(
            name=self.name.data or "",
            category_id=category,
            brand_id=_uuid(self.brand.data),
            detail=self.detail.data or "",
            returnable=category not in fresh if chosen not in ("yes", "no") else chosen == "yes",
            options=self.options(),
            skus=tuple(self._sku(row.form, at) for at, row in enumerate(self.skus)),
        )

    def _sku(self, row: SkuRow, at: int) -> SkuDraft:
        def needed(name: str) -> int:
            return _needed(row[name], f"skus-{at}-{name}")

        return SkuDraft(
            values=row.values(),
            supply_fen=needed("supply"),
            suggested_fen=needed("suggested"),
            grams=needed("grams"),
            code=row.code.data or "",
            barcode=row.barcode.data or "",
            low_mark=row.low_mark.data or 0,
            opening=row.opening.data or 0,
        )

    def refuse(self, refusal: Refusal) -> None:
        """A refusal of one SKU stands at its field in the table."""
        table, _, rest = (refusal.field or "").partition("-")
        number, _, name = rest.partition("-")
        if table == "skus" and number.isdigit() and int(number) < len(self.skus.entries):
            row = self.skus.entries[int(number)].form
            if name in row._fields:
                row[name].errors = [*row[name].errors, said(refusal.sentence)]
                return
        if refusal.field == "options":
            refusal = Refusal(refusal.sentence, field="option0_values")
        super().refuse(refusal)

    @property
    def table_errors(self) -> list[str]:
        """Whether the table of SKUs has errors, for the page to say so."""
        return [error for row in self.skus for field in row.form for error in field.errors]


def product_values(shown: ProductShown) -> dict[str, Any]:
    """A product as the form's first values."""
    values: dict[str, Any] = {
        "version": str(shown.version),
        "name": shown.name,
        "category": str(shown.category_id),
        "brand": str(shown.brand_id or ""),
        "returnable": "yes" if shown.returnable else "no",
        "detail": shown.detail,
        "skus": [
            {
                "combo": BETWEEN.join(sku.values),
                "supply": sku.supply_fen,
                "suggested": sku.suggested_fen,
                "grams": sku.grams,
                "code": sku.code,
                "barcode": sku.barcode,
                "low_mark": sku.low_mark,
                "opening": sku.available,
            }
            for sku in shown.skus
        ],
    }
    for at, option in enumerate(shown.options):
        values[f"option{at}_name"], values[f"option{at}_values"] = option.name, "、".join(option.values)
    return values


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None


class PhotosForm(Form):
    """New pictures of a product."""

    pictures = MultipleFileField(_l("图片"))


class StockForm(Form):
    """What happened in the store room."""

    kind = RadioField(
        _l("为什么"),
        choices=[],
        default=Movement.RECEIVED.value,
        validate_choice=False,
    )
    quantity = WholeField(_l("数量"))
    stock_note = StringField(_l("说明"))

    def offer(self) -> StockForm:
        """The reasons people enter themselves, in the reader's language."""
        self.kind.choices = options(*((one.value, said(MOVEMENTS[one])) for one in BY_HAND))
        return self

    def why(self) -> Movement:
        """The reason chosen. Refuses what is not on the list."""
        if self.kind.data not in {one.value for one in BY_HAND}:
            raise Refusal(say("请选择原因。"), field="kind")
        return Movement(self.kind.data)

    def count(self) -> int:
        """The pieces. Refuses nothing."""
        return _needed(self.quantity)


class PriceForm(Form):
    """Another supply price of one SKU."""

    supply = MoneyField(_l("新的供货价"))
    suggested = MoneyField(_l("建议零售价"))
    effective_at = DateTimeLocalField(_l("从什么时候起"), format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"])
    note = StringField(_l("调价原因"))

    def process(self, *args: Any, **more: Any) -> None:
        """An empty moment is no moment, not a wrong one."""
        super().process(*args, **more)
        if self.effective_at.raw_data and not self.effective_at.raw_data[0].strip():
            self.effective_at.process_errors = []

    def prices(self) -> tuple[int, int]:
        """Supply and suggested price. Refuses a missing one."""
        return _needed(self.supply), _needed(self.suggested)


class BucketsForm(Form):
    """Over how many rows a hot SKU is spread."""

    buckets = WholeField(_l("格数"))

    def count(self) -> int:
        """The rows. Refuses nothing."""
        return _needed(self.buckets)


class AdjustForm(Form):
    """One change for many SKUs; `ids` are products."""

    what = RadioField(
        _l("改什么"),
        choices=options(
            ("percent", _l("供货价按百分比")),
            ("amount", _l("供货价加减金额")),
            ("receive", _l("入库")),
            ("count", _l("盘点为")),
        ),
        default="percent",
        validate_choice=False,
    )
    direction = RadioField(
        _l("方向"), choices=options(("up", _l("上调")), ("down", _l("下调"))), default="up", validate_choice=False
    )
    figure = StringField(_l("多少"))
    note = StringField(_l("说明"))


class OffForm(Form):
    """Why something is taken off sale or sent back."""

    revision = HiddenField()
    reason = TextAreaField(_l("原因"))


class BrandForm(Form):
    """A new brand."""

    name = StringField(_l("品牌名称"))
    name_en = StringField(_l("英文名称"))


def _needed(field: Any, name: str | None = None) -> int:
    if field.data is None:
        raise Refusal(MISSING, field=name or field.short_name)
    found: int = field.data
    return found
