"""The shop: what a consumer sees, signed in or not."""

from __future__ import annotations

from portal.web.admission import to_public
from portal.web.office import Office

shop = Office("shop", __name__, admit=to_public, layout="layouts/shop.html")
