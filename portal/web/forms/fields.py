"""The house's own form fields: money, whole numbers, discounts, days, several of a list; each with its sentence."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from wtforms import DateField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import CheckboxInput, ListWidget

from portal.kernel.money import parse_discount, parse_yuan
from portal.kernel.refusals import Refusal
from portal.kernel.typed import half_width
from portal.web.locale import gettext, said


def options(*pairs: tuple[str, Any]) -> list[SelectChoice]:
    """Values with the words people choose by."""
    return [SelectChoice(value, label) for value, label in pairs]


class _ParsedField(StringField):  # type: ignore[misc]  # wtforms ships no types
    """A text that becomes a value; what was typed is shown again as it was. Empty is None."""

    def parse(self, text: str) -> Any:
        """The value of a text that is not empty. Raises Refusal."""
        raise NotImplementedError

    def write(self, value: Any) -> str:
        """The text of a value."""
        return str(value)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Parse what came; a refusal is this field's error."""
        text = valuelist[0] if valuelist else ""
        self.data = None
        if text.strip():
            try:
                self.data = self.parse(text)
            except Refusal as refusal:
                raise ValueError(said(refusal.sentence)) from refusal

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else self.write(self.data)


class MoneyField(_ParsedField):
    """Yuan as people type them, in fen."""

    def parse(self, text: str) -> int:
        """See `parse_yuan`."""
        return parse_yuan(text)

    def write(self, value: Any) -> str:
        """12.50, or 12 without cents."""
        yuan, cents = divmod(int(value), 100)
        return f"{yuan}.{cents:02}" if cents else str(yuan)


class DiscountField(_ParsedField):
    """折 as people say it: 8.5 is 85 per cent paid; 85 is refused."""

    def parse(self, text: str) -> int:
        """See `parse_discount`."""
        return parse_discount(text)

    def write(self, value: Any) -> str:
        """8.5, or 8."""
        tens, units = divmod(int(value), 10)
        return f"{tens}.{units}" if units else str(tens)


class WholeField(_ParsedField):
    """A whole number; full-width digits are digits."""

    def parse(self, text: str) -> int:
        """Refuses everything but up to nine digits."""
        plain = half_width(text).strip()
        if not plain.isascii() or not plain.isdigit() or len(plain) > 9:
            raise ValueError(gettext("请填写一个整数。"))
        return int(plain)


FIRST_YEAR, LAST_YEAR = 1900, 2200
"""Beyond them a day in Shanghai may be none in UTC."""


class DayField(DateField):  # type: ignore[misc]
    """A day of the calendar."""

    data: date | None

    def process_formdata(self, valuelist: list[str]) -> None:
        """Our own sentence instead of the library's; nothing is no day."""
        typed = [half_width(value).strip() for value in valuelist if value.strip()]
        self.data = None
        try:
            super().process_formdata(typed)
        except ValueError as error:
            raise ValueError(gettext("请填写日期，例如 2026-07-05。")) from error
        found: Any = self.data
        if found is not None and not FIRST_YEAR <= found.year <= LAST_YEAR:
            self.data = None
            raise ValueError(gettext("这一天太远了，请核对年份。"))


class ManyField(SelectMultipleField):  # type: ignore[misc]
    """Check-boxes; values that are not offered are simply not chosen."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: Any, **options: Any) -> None:
        super().__init__(label, validate_choice=False, **options)


def ids_of(chosen: Iterable[str], offered: Iterable[SelectChoice]) -> frozenset[UUID]:
    """The chosen ids that were offered."""
    known = {option.value for option in offered}
    return frozenset(UUID(value) for value in chosen if value and value in known)
