"""What may be typed into a printer's and a station's setup."""

from __future__ import annotations

import re
from typing import Final

from portal.domain.kitchen import errors
from portal.domain.kitchen.rules.reach import Reach, spot_of
from portal.domain.kitchen.values import Vendor
from portal.kernel.lines import clean_line

TAGS_MOST: Final = 20
_CODE: Final = re.compile(r"[A-Za-z0-9_-]{4,32}")
_SPLIT: Final = re.compile(r"[\s,，、;；]+")


def address_of(vendor: Vendor, account: str, address: str, reach: Reach) -> tuple[str, str]:
    """Account and address, tidy. Refuses what cannot be one, and a machine that is not in reach."""
    if vendor is Vendor.ESCPOS:
        return "", _spot(clean_line(address, field="address", most=64), reach)
    if vendor is Vendor.SANDBOX:
        return "", clean_line(address, field="address", most=32, required=False)
    code = clean_line(address, field="address", most=32)
    if not _CODE.fullmatch(code):
        raise errors.AddressWrong
    return clean_line(account, field="account", most=64), code


def _spot(text: str, reach: Reach) -> str:
    try:
        spot = spot_of(text)
    except ValueError:
        raise errors.AddressWrong from None
    if not reach.has(spot):
        raise errors.OutOfReach
    return str(spot)


def checked_tags(text: str) -> list[str]:
    """Words separated by spaces or commas, each once."""
    words = list(dict.fromkeys(word for word in _SPLIT.split(text.strip()) if word))
    tidy = [clean_line(word, field="tags", most=12) for word in words]
    if len(tidy) > TAGS_MOST:
        raise errors.TooManyTags(TAGS_MOST)
    return tidy
