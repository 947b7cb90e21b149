"""What the operator has to say to everybody on the street."""

from __future__ import annotations

from portal.domain.reference import queries
from portal.domain.reference.values import Audience
from portal.kernel.permissions import ANYONE
from portal.kernel.work import Work
from portal.web.notices import seen
from portal.web.pages import Page, page
from portal.web.shop import shop

SHOWN = 20


@shop.get("/announcements", may=ANYONE)
def announcements_list(work: Work) -> Page:
    """The announcements that are out now, the latest first."""
    notices = queries.notices(work, Audience.SHOP, most=SHOWN)
    shown = page("shop/announcements/list.html", notices=notices)
    if notices:
        shown.headers.update(seen(notices[0]))
    return shown
