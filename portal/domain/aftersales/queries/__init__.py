"""What pages read of cases."""

from portal.domain.aftersales.queries.claims import Claim, claim, claim_of
from portal.domain.aftersales.queries.lists import (
    Asked,
    Tab,
    counts,
    due,
    merchants_cases,
    of_order,
    persons_cases,
    platforms_cases,
)
from portal.domain.aftersales.queries.one import case, kept_address, stored_picture
from portal.domain.aftersales.queries.rooms import rooms_of

__all__ = [
    "Asked",
    "Claim",
    "Tab",
    "case",
    "claim",
    "claim_of",
    "counts",
    "due",
    "kept_address",
    "merchants_cases",
    "of_order",
    "persons_cases",
    "platforms_cases",
    "rooms_of",
    "stored_picture",
]
