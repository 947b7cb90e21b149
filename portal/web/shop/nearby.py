"""The street: what is near, open now and worth it."""

from __future__ import annotations

from portal.kernel.permissions import ANYONE
from portal.kernel.work import Work
from portal.web.pages import Page, page
from portal.web.shop import shop


@shop.get("/", may=ANYONE)
def home(_work: Work) -> Page:
    """What is near."""
    return page("shop/nearby/home.html")
