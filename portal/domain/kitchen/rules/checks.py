"""What may be typed into a printer's and a station's setup."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import Final

from portal.domain.kitchen import errors
from portal.domain.kitchen.values import Vendor
from portal.kernel.lines import clean_line

TAGS_MOST: Final = 20
PORTS: Final = range(9100, 9110)
"""Where printers listen; nothing else of a network is to be reached from here."""
_CODE: Final = re.compile(r"[A-Za-z0-9_-]{4,32}")
_SPLIT: Final = re.compile(r"[\s,，、;；]+")


def address_of(vendor: Vendor, account: str, address: str) -> tuple[str, str]:
    """Account and address, tidy. Refuses what cannot be one; in a store's network only numbers count, and no machine
    of the installation itself.
    """
    if vendor is Vendor.ESCPOS:
        return "", _host(clean_line(address, field="address", most=64))
    if vendor is Vendor.SANDBOX:
        return "", clean_line(address, field="address", most=32, required=False)
    code = clean_line(address, field="address", most=32)
    if not _CODE.fullmatch(code):
        raise errors.AddressWrong
    return clean_line(account, field="account", most=64), code


def _host(text: str) -> str:
    host, _, port = text.partition(":")
    try:
        number = ip_address(host)
        at = int(port) if port else PORTS[0]
    except ValueError:
        raise errors.AddressWrong from None
    if number.is_loopback or number.is_link_local or number.is_multicast or number.is_unspecified:
        raise errors.AddressWrong
    if not (number.is_private and number.version == 4 and at in PORTS):
        raise errors.AddressWrong
    return f"{number}:{at}"


def checked_tags(text: str) -> list[str]:
    """Words separated by spaces or commas, each once."""
    words = list(dict.fromkeys(word for word in _SPLIT.split(text.strip()) if word))
    tidy = [clean_line(word, field="tags", most=12) for word in words]
    if len(tidy) > TAGS_MOST:
        raise errors.TooManyTags(TAGS_MOST)
    return tidy
