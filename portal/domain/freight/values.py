"""A freight template, what is asked about a parcel and what is answered. Amounts in fen, weights in grams."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NamedTuple
from uuid import UUID

from portal.domain.regions.values import Level, RegionName
from portal.kernel.money import Fen
from portal.kernel.words import Text, say

MOST_TEMPLATES: Final = 30
MOST_ZONES: Final = 20
NAME_MOST: Final = 30
MOST_FEE: Final = Fen(10_000_00)
MOST_PIECES: Final = 10_000
MOST_GRAMS: Final = 1_000_000

BEYOND: Final = (
    RegionName("71", "台湾省", Level.PROVINCE, None),
    RegionName("81", "香港特别行政区", Level.PROVINCE, None),
    RegionName("82", "澳门特别行政区", Level.PROVINCE, None),
)
"""Provinces that the table of divisions need not hold, and that a supplier wants to exclude all the same."""


class Unit(StrEnum):
    """What is counted."""

    PIECE = "piece"
    WEIGHT = "weight"


UNITS: Final[Mapping[Unit, Text]] = MappingProxyType({Unit.PIECE: say("按件数"), Unit.WEIGHT: say("按重量")})


@dataclass(frozen=True)
class Tariff:
    """The first units cost `first_fen`, each begun lot of `next_units` more costs `next_fen`."""

    first_units: int
    first_fen: int
    next_units: int
    next_fen: int
    free_over_fen: int | None = None


@dataclass(frozen=True)
class Zone:
    """Provinces and cities with a tariff of their own."""

    codes: tuple[str, ...]
    tariff: Tariff


@dataclass(frozen=True)
class TemplateDraft:
    """A template as its supplier writes it. Without `rest` places that no zone names are not served.

    `free_over_fen` holds where a tariff says nothing of its own.
    """

    name: str
    unit: Unit
    rest: Tariff | None
    zones: tuple[Zone, ...] = ()
    unserved: tuple[str, ...] = ()
    free_over_fen: int | None = None


@dataclass(frozen=True)
class Template:
    """A template as it is in force. `goods` counts the products that name it, not those that only fall to it."""

    merchant_id: UUID
    id: UUID
    draft: TemplateDraft
    is_default: bool
    version: int
    updated_at: datetime
    goods: int = 0


class FreightLine(NamedTuple):
    """One line of what is to be sent. `grams` and `goods_fen` are those of all its pieces together."""

    product_id: UUID
    pieces: int
    grams: int
    goods_fen: int


Parcel = tuple[UUID, Sequence[FreightLine | tuple[UUID, int, int, int]]]
"""A merchant and what he is to send to one place."""


@dataclass(frozen=True)
class Quote:
    """What sending one merchant's goods to one place costs.

    `shares` is the fee line by line, in the order asked. When something is not served there, `fee_fen` is None,
    `refused` names the products and `refusal` says it. `words` explains the fee, `hint` how it would fall away.
    """

    merchant_id: UUID
    fee_fen: Fen | None
    shares: tuple[Fen, ...] = ()
    words: tuple[Text, ...] = ()
    hint: Text | None = None
    refused: tuple[UUID, ...] = ()
    refusal: Text | None = None


@dataclass(frozen=True)
class GoodShown:
    """A product with the template it names; None: it follows the default."""

    id: UUID
    name: str
    state: str
    template_id: UUID | None
