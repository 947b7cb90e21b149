"""Which machines a merchant's network printer may be: numbers in networks that the operator lists, printers' ports.

The portal stands in the operator's own network and connects to what merchants type. So nothing is reached that was not
listed, no name is ever looked up, and the machine itself and what clouds keep beside it are out of reach however a
network was listed. Asked when a printer is saved and again each time it is connected to.
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network
from typing import Final

PORTS: Final = range(9100, 9110)
"""Where printers listen."""
_METADATA: Final = frozenset(map(IPv4Address, ("100.100.100.200", "168.63.129.16", "192.0.0.192")))
"""Where clouds tell a machine its keys (Alibaba, Azure, Oracle); the others do it in 169.254.0.0/16."""


@dataclass(frozen=True)
class Spot:
    """A machine and a port of it, in numbers."""

    number: IPv4Address
    port: int

    def __str__(self) -> str:
        return f"{self.number}:{self.port}"


@dataclass(frozen=True)
class Reach:
    """The networks of this installation's printers; none: no printer is connected to. `sandbox`: the demo's machine."""

    networks: tuple[IPv4Network, ...] = ()
    sandbox: bool = False

    def has(self, spot: Spot) -> bool:
        """Whether it may be connected to."""
        if spot.port not in PORTS or not any(spot.number in one for one in self.networks):
            return False
        return self.sandbox if spot.number.is_loopback else not _closed(spot.number)


def _closed(number: IPv4Address) -> bool:
    never = number.is_link_local or number.is_multicast or number.is_reserved
    return never or number.packed[0] == 0 or number in _METADATA


def spot_of(text: str) -> Spot:
    """`192.168.1.50:9100`, or without the port. Raises ValueError: names are none."""
    host, colon, port = text.partition(":")
    if colon and not (port.isascii() and port.isdigit() and len(port) <= 5):
        raise ValueError(text)
    return Spot(IPv4Address(host), int(port) if colon else PORTS[0])
