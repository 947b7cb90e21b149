"""Positions on Earth: WGS-84 inside the portal, the datum of each map only at the edge.

Everything stored and computed is a `Position`; whoever takes coordinates from outside names their datum.
Nothing here knows a map vendor, and nothing is shifted outside mainland China.
"""

from portal.kernel.geo.mainland import is_mainland
from portal.kernel.geo.positions import Datum, Position, distance_metres, from_datum

__all__ = ["Datum", "Position", "distance_metres", "from_datum", "is_mainland"]
