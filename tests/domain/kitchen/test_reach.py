"""Where merchants' printers may be: what the operator lists, and never the machine itself or what clouds keep there."""

from __future__ import annotations

from ipaddress import IPv4Network

import pytest

from portal.domain.kitchen import errors
from portal.domain.kitchen.rules.checks import address_of
from portal.domain.kitchen.rules.reach import Reach, spot_of
from portal.domain.kitchen.values import Vendor
from portal.settings import SettingsError, load_settings

LISTED = Reach((IPv4Network("192.168.5.0/24"), IPv4Network("100.64.0.0/10")))
SLOPPY = Reach((IPv4Network("0.0.0.0/0"),))
"""No settings make this one; what is closed stays closed all the same."""
GOOD = {
    "DATABASE_URL": "postgresql://nobody@nowhere/nothing",
    "SECRET_KEY": "x" * 48,
    "PUBLIC_URL": "https://x.example",
}


@pytest.mark.parametrize(
    ("address", "listed", "sloppy"),
    [
        ("192.168.5.20", True, True),
        ("192.168.5.20:9109", True, True),
        ("100.70.1.2:9100", True, True),
        ("192.168.6.20:9100", False, True),
        ("192.168.5.20:9110", False, False),
        ("192.168.5.20:22", False, False),
        ("100.100.100.200:9100", False, False),
        ("169.254.169.254:9100", False, False),
        ("127.0.0.1:9100", False, False),
        ("0.0.0.1:9100", False, False),
        ("224.0.0.1:9100", False, False),
        ("255.255.255.255:9100", False, False),
        ("168.63.129.16:9100", False, False),
    ],
)
def test_listed_numbers_and_printers_ports_only(address: str, listed: bool, sloppy: bool) -> None:
    spot = spot_of(address)
    assert (LISTED.has(spot), SLOPPY.has(spot), Reach().has(spot)) == (listed, sloppy, False)


@pytest.mark.parametrize(
    "text",
    ["printer.local:9100", "::1", "192.168.5.020", "192.168.5.20:", "3232236820", "192.168.5.20:91x0", "1.2.3"],
)
def test_names_and_odd_numbers_are_none(text: str) -> None:
    with pytest.raises(errors.AddressWrong):
        address_of(Vendor.ESCPOS, "", text, SLOPPY)


def test_only_the_demo_reaches_its_own_machine() -> None:
    assert load_settings(GOOD).printer_networks == ()
    assert load_settings(GOOD | {"PORTAL_MODE": "test"}).printer_networks == ()
    assert [str(one) for one in load_settings(GOOD | {"PORTAL_MODE": "demo"}).printer_networks] == ["127.0.0.0/8"]
    assert Reach((IPv4Network("127.0.0.0/8"),), sandbox=True).has(spot_of("127.0.0.1"))


@pytest.mark.parametrize(
    "text", ["0.0.0.0/0", "127.0.0.1/32", "10.0.0.1/8", "169.254.0.0/16", "shop.example", "fd00::/8"]
)
def test_what_an_operator_may_not_list(text: str) -> None:
    assert len(load_settings(GOOD | {"PRINTER_NETWORKS": "10.20.0.0/16, 192.168.5.0/24"}).printer_networks) == 2
    with pytest.raises(SettingsError, match="PRINTER_NETWORKS"):
        load_settings(GOOD | {"PRINTER_NETWORKS": text})
