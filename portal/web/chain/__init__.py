"""The back office of the brand's head office: stores, coupons, staff."""

from __future__ import annotations

from portal.domain.tenants.values import Kind
from portal.web.admission import to_merchant
from portal.web.locale import lazy_gettext as _l
from portal.web.office import Office

chain = Office(
    "chain",
    __name__,
    url_prefix="/chain/<uuid:merchant>",
    admit=to_merchant(Kind.BRAND),
    layout="layouts/office.html",
    label=_l("品牌总店"),
)
