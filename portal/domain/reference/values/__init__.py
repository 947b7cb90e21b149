"""Kinds of categories and parameters, states of announcements, and what pages show of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from portal.domain.reference.values.parameters import (
    CLAIM_DAYS,
    CODE_MINUTES,
    INVITATION_DAYS,
    NEW_ACCOUNT_HOURS,
    OPEN_APPLICATIONS,
    PARAMETERS,
    PRICE_CHANGE_PERCENT,
    RECEIVE_DAYS,
    REVIEW_DAYS,
    SECOND_APPROVER_FROM,
    STATEMENT_DAYS,
    STORE_FEE_RATE,
    UNDO_MINUTES,
    UNPAID_MINUTES,
    WITHDRAWAL_FEE_FIXED,
    WITHDRAWAL_FEE_MOST,
    WITHDRAWAL_FEE_RATE,
    WITHDRAWAL_LEAST,
    WITHDRAWALS_A_DAY,
    Parameter,
    ParameterShown,
    ParameterValue,
    Unit,
)


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


__all__ = [
    "CLAIM_DAYS",
    "CODE_MINUTES",
    "DEEPEST",
    "INVITATION_DAYS",
    "NEW_ACCOUNT_HOURS",
    "OPEN_APPLICATIONS",
    "PARAMETERS",
    "PRICE_CHANGE_PERCENT",
    "RECEIVE_DAYS",
    "REVIEW_DAYS",
    "SECOND_APPROVER_FROM",
    "STATEMENT_DAYS",
    "STORE_FEE_RATE",
    "UNDO_MINUTES",
    "UNPAID_MINUTES",
    "WITHDRAWALS_A_DAY",
    "WITHDRAWAL_FEE_FIXED",
    "WITHDRAWAL_FEE_MOST",
    "WITHDRAWAL_FEE_RATE",
    "WITHDRAWAL_LEAST",
    "Announcement",
    "AnnouncementState",
    "Audience",
    "Category",
    "Notice",
    "Parameter",
    "ParameterShown",
    "ParameterValue",
    "Purpose",
    "Unit",
]
