"""Kinds of categories and parameters, states of announcements, and what pages show of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from portal.kernel.words import Text, say


class Purpose(StrEnum):
    """What a tree of categories sorts."""

    STORES = "stores"
    GOODS = "goods"


@dataclass(frozen=True)
class Category:
    """A node of a tree as pages show it; `depth` 0 is a root, `hidden` also when a parent is hidden."""

    id: UUID
    code: str
    purpose: Purpose
    parent_id: UUID | None
    name: str
    name_en: str
    depth: int
    hidden: bool
    hidden_itself: bool

    def called(self, locale: str) -> str:
        """Its name in the reader's language."""
        return self.name_en if locale.startswith("en") and self.name_en else self.name


DEEPEST = 2
"""Categories stand at most on three levels: depths 0, 1 and 2."""


class Unit(StrEnum):
    """What a parameter counts."""

    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"
    PIECES = "pieces"
    PERCENT = "percent"


@dataclass(frozen=True)
class Parameter:
    """One number the operator may set, within limits; `default` holds until a value is in force."""

    name: str
    label: Text
    why: Text
    unit: Unit
    default: int
    low: int
    high: int


UNDO_MINUTES = Parameter(
    "undo_minutes",
    say("核销后可撤销的时间"),
    say("店员核销后，在这段时间内可以写明原因撤销；门店可以自己缩短。"),
    Unit.MINUTES,
    60,
    0,
    1440,
)
CODE_MINUTES = Parameter(
    "code_minutes",
    say("短信验证码的有效时间"),
    say("过了这段时间，验证码作废，需要重新获取。"),
    Unit.MINUTES,
    10,
    1,
    30,
)
INVITATION_DAYS = Parameter(
    "invitation_days",
    say("员工邀请的有效天数"),
    say("过期没有接受的邀请自动失效，店主可以重新邀请。"),
    Unit.DAYS,
    7,
    1,
    60,
)
REVIEW_DAYS = Parameter(
    "review_days",
    say("承诺的审核天数"),
    say("写在申请人的进度页上；超过这个天数的申请在审核列表里标红。"),
    Unit.DAYS,
    2,
    1,
    30,
)
OPEN_APPLICATIONS = Parameter(
    "open_applications",
    say("一个人同时进行的申请数"),
    say("草稿、审核中和待补充的申请合计不超过这个数。"),
    Unit.PIECES,
    5,
    1,
    50,
)
PRICE_CHANGE_PERCENT = Parameter(
    "price_change_percent",
    say("供货价不用审批的涨跌幅"),
    say("与上次审过的供货价相比，涨跌超过这个百分比的调价要平台审批，批准前按旧价结算。"),
    Unit.PERCENT,
    10,
    0,
    100,
)
UNPAID_MINUTES = Parameter(
    "unpaid_minutes",
    say("下单后的付款时间"),
    say("过了这段时间没有付款，订单自动关闭，占用的库存退回。"),
    Unit.MINUTES,
    30,
    5,
    1440,
)
RECEIVE_DAYS = Parameter(
    "receive_days",
    say("自动确认收货的天数"),
    say("全部发货后，顾客在这些天内没有确认收货，系统自动确认。"),
    Unit.DAYS,
    10,
    1,
    60,
)
CLAIM_DAYS = Parameter(
    "claim_days",
    say("确认收货后的售后天数"),
    say("在这些天内可以申请售后；过后订单完成，货款结算给供应商。"),
    Unit.DAYS,
    7,
    1,
    90,
)
PARAMETERS: dict[str, Parameter] = {
    parameter.name: parameter
    for parameter in (
        UNDO_MINUTES,
        CODE_MINUTES,
        INVITATION_DAYS,
        REVIEW_DAYS,
        OPEN_APPLICATIONS,
        PRICE_CHANGE_PERCENT,
        UNPAID_MINUTES,
        RECEIVE_DAYS,
        CLAIM_DAYS,
    )
}


@dataclass(frozen=True)
class ParameterValue:
    """A value that was set: in force from `effective_at` on, unless it was cancelled before."""

    id: UUID
    value: int
    effective_at: datetime
    set_at: datetime
    set_by: UUID
    cancelled_at: datetime | None
    note: str


@dataclass(frozen=True)
class ParameterShown:
    """A parameter with what is in force now and what comes next."""

    parameter: Parameter
    value: int
    since: datetime | None
    coming: ParameterValue | None


class Audience(StrEnum):
    """Who reads an announcement."""

    EVERYONE = "everyone"
    SHOP = "shop"
    OFFICES = "offices"


class AnnouncementState(StrEnum):
    """A draft is published, a published one withdrawn; a withdrawn one may be published again."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Announcement:
    """An announcement as the operator works on it."""

    id: UUID
    title: str
    body: str
    title_en: str
    body_en: str
    audience: Audience
    state: AnnouncementState
    until: datetime | None
    created_at: datetime
    published_at: datetime | None


@dataclass(frozen=True)
class Notice:
    """A published announcement as its readers see it."""

    id: UUID
    title: str
    body: str
    title_en: str
    body_en: str
    published_at: datetime

    def titled(self, locale: str) -> str:
        """The title in the reader's language."""
        return self.title_en if locale.startswith("en") and self.title_en else self.title

    def written(self, locale: str) -> str:
        """The text in the reader's language."""
        return self.body_en if locale.startswith("en") and self.body_en else self.body
