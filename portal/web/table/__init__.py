"""The table: what guests see who sit there, with or without an account. Its door is the key in the browser's cookie."""

from __future__ import annotations

from portal.web.office import Office
from portal.web.seats import guesses, to_table

table = Office(
    "table",
    __name__,
    url_prefix="/table/<uuid:sitting>",
    admit=to_table,
    layout="layouts/shop.html",
    gate=guesses,
    accounts=False,
)
