"""The form of a store: what it is called, where it is, when it is open. Position and hours are typed as text."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from flask_wtf.file import MultipleFileField
from wtforms import HiddenField, RadioField, SelectChoice, SelectField, StringField, TelField, TextAreaField
from wtforms.validators import InputRequired, Length

from portal.domain.stores.queries import StoreShown
from portal.domain.stores.rules import ADDRESS_MOST, NAME_MOST
from portal.domain.stores.values import GivenPosition
from portal.kernel.geo import Datum, Position
from portal.kernel.hours import WeeklyHours, format_dates, format_spans, parse_dates, parse_spans
from portal.kernel.refusals import Refusal
from portal.kernel.typed import half_width
from portal.kernel.words import say
from portal.web.forms.base import Form
from portal.web.locale import lazy_gettext as _l

LEVELS = ("province", "city", "area", "street")
DAYS = tuple(f"day{number}" for number in range(7))
SAME = 5e-7
"""Half of the last figure of a shown coordinate, in degrees."""


def _short(most: int) -> Length:
    return Length(max=most, message=_l("内容太长了，最多 %(max)d 个字。"))


class StoreForm(Form):
    """A store as it is typed. `given` keeps coordinates of another datum beside the WGS-84 numbers made of them."""

    version = HiddenField()
    given = HiddenField(validators=[_short(80)])
    found = HiddenField(validators=[_short(4000)])
    name = StringField(_l("门店名称"), [InputRequired(_l("请填写门店名称。")), _short(NAME_MOST)])
    category = SelectField(_l("分类"), validate_choice=False)
    phone = TelField(_l("门店电话"), [_short(40)])
    province = SelectField(_l("省 / 直辖市"), validate_choice=False)
    city = SelectField(_l("城市"), validate_choice=False)
    area = SelectField(_l("区县"), validate_choice=False)
    street = SelectField(_l("街道 / 镇"), validate_choice=False)
    address = StringField(_l("详细地址"), [_short(ADDRESS_MOST)])
    lat = StringField(_l("纬度（WGS-84）"), [_short(40)])
    lng = StringField(_l("经度（WGS-84）"), [_short(40)])
    pasted = StringField(_l("从别的地图复制的坐标"), [_short(80)])
    datum = SelectField(
        _l("这对坐标来自"),
        choices=[
            SelectChoice(Datum.GCJ02.value, _l("高德、腾讯、微信（GCJ-02）")),
            SelectChoice(Datum.BD09.value, _l("百度（BD-09）")),
            SelectChoice(Datum.WGS84.value, _l("手机定位、谷歌（WGS-84）")),
        ],
        validate_choice=False,
    )
    candidate = RadioField(_l("找到这些地方，选一个"), validate_choice=False)
    every = StringField(_l("每天一样"), [_short(200)])
    day0 = StringField(_l("周一"), [_short(200)])
    day1 = StringField(_l("周二"), [_short(200)])
    day2 = StringField(_l("周三"), [_short(200)])
    day3 = StringField(_l("周四"), [_short(200)])
    day4 = StringField(_l("周五"), [_short(200)])
    day5 = StringField(_l("周六"), [_short(200)])
    day6 = StringField(_l("周日"), [_short(200)])
    dates = TextAreaField(_l("特别日期"), [_short(10_000)])

    def region_code(self) -> str | None:
        """The finest division that was chosen."""
        return next((self[name].data for name in reversed(LEVELS) if self[name].data), None)

    def hours(self) -> WeeklyHours | None:
        """The week and its exceptions; None when nothing was said. Refuses at the field that cannot be read."""
        texts = [self[name].data or "" for name in DAYS]
        exceptions = parse_dates(self.dates.data or "", field="dates")
        if not any(text.strip() for text in texts) and not exceptions:
            return None
        week = tuple(parse_spans(text, field=name) for name, text in zip(DAYS, texts, strict=True))
        try:
            return WeeklyHours(week=week, exceptions=exceptions)
        except Refusal as refusal:
            refusal.field = refusal.field or DAYS[0]
            raise

    def position(self) -> GivenPosition | None:
        """The place: a candidate that was chosen, else the numbers, as they were given if they were converted."""
        if self.candidate.data:
            return _read_pair(self.candidate.data, Datum.WGS84, "candidate")
        if not (self.lat.data or "").strip() and not (self.lng.data or "").strip():
            return None
        typed = _read_pair(f"{self.lat.data},{self.lng.data}", Datum.WGS84, "lat")
        given = self._given()
        if given is not None and _same(given.position, typed.position):
            return given
        return typed

    def _given(self) -> GivenPosition | None:
        lat_lng, _, datum = (self.given.data or "").rpartition(",")
        try:
            return _read_pair(lat_lng, Datum(datum), "given") if lat_lng else None
        except (ValueError, Refusal):
            return None

    def convert(self) -> None:
        """Turn the pasted coordinates into WGS-84 numbers. Refuses what is not a pair."""
        if self.datum.data not in set(Datum):
            raise Refusal(say("请从列表里选择。"), field="datum")
        given = _read_pair(self.pasted.data or "", Datum(self.datum.data), "pasted")
        self.put(given.position, given)

    def put(self, position: Position, given: GivenPosition | None = None) -> None:
        """Show a position in the fields."""
        self.lat.data, self.lng.data = f"{position.lat:.6f}", f"{position.lng:.6f}"
        self.given.data = f"{given.lat},{given.lng},{given.datum.value}" if given else ""
        self.pasted.data, self.found.data, self.candidate.data = "", "", None

    def offer_found(self) -> None:
        """The candidates of a search by address, as choices; they come along in the form."""
        try:
            rows = [(f"{lat},{lng}", str(label)[:120]) for lat, lng, label in json.loads(self.found.data or "[]")]
        except (ValueError, TypeError):
            rows = []
        self.candidate.choices = [SelectChoice(value, label) for value, label in rows[:6]]

    def spread(self) -> None:
        """The one line for all seven days."""
        for name in DAYS:
            self[name].data = self.every.data


class PicturesForm(Form):
    """Pictures to add."""

    pictures = MultipleFileField(_l("添加图片"))


def store_values(shown: StoreShown) -> dict[str, Any]:
    """A store as the form shows it; divisions come from `regions` apart."""
    facts, values = shown.facts, {"version": str(shown.version)}
    values |= {"name": facts.name, "phone": facts.phone or "", "address": facts.address}
    values["category"] = str(facts.category_id or "")
    if shown.position and facts.given:
        values |= {"lat": f"{shown.position.lat:.6f}", "lng": f"{shown.position.lng:.6f}"}
        values["given"] = f"{facts.given.lat},{facts.given.lng},{facts.given.datum.value}"
    if facts.hours:
        values |= {name: format_spans(spans) for name, spans in zip(DAYS, facts.hours.week, strict=True)}
        values["dates"] = format_dates([one for one in facts.hours.exceptions if one[0] >= date(2000, 1, 1)])
    return values


def _read_pair(text: str, datum: Datum, field: str) -> GivenPosition:
    """`23.02, 113.75`, or the other way round as AMap writes it."""
    parts = half_width(text).replace(";", ",").replace("，", ",").replace(",", " ").split()
    try:
        first, second = (float(part) for part in parts)
    except ValueError:
        raise Refusal(say("请写两个数字，先纬度后经度，例如 23.0205, 113.7518。"), field=field) from None
    if abs(first) > 90 and abs(second) <= 90:
        first, second = second, first
    try:
        given = GivenPosition(first, second, datum)
        _ = given.position
    except Refusal as refusal:
        refusal.field = field
        raise
    return given


def _same(one: Position, other: Position) -> bool:
    return abs(one.lat - other.lat) <= SAME and abs(one.lng - other.lng) <= SAME
