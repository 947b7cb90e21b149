"""The counter's first page: the camera under the thumb, digits below it, what was redeemed last."""

from __future__ import annotations

from uuid import UUID

from flask import request

from portal.domain.vouchers import queries
from portal.kernel.permissions import Permission
from portal.kernel.work import Work
from portal.web.forms.vouchers import CodeForm
from portal.web.locale import lazy_gettext as _l
from portal.web.office import NavItem
from portal.web.pages import Page
from portal.web.store import store as office
from portal.web.store.frame import counter_page

office.nav.append(NavItem(_l("核销"), "store.counter", Permission.VOUCHER_REDEEM))
LAST = 3


@office.get("/", may=Permission.VOUCHER_REDEEM)
def counter(work: Work, store: UUID) -> Page:
    """Scan, shoot or type."""
    last = queries.redemptions(work, store_id=store, since=None, until=None, most=LAST)
    scan = "scan" in request.args
    return counter_page(work, store, "store/counter/counter.html", form=CodeForm(), last=last, scan=scan)
