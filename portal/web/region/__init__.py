"""The back office of a regional centre and its ground."""

from __future__ import annotations

from portal.domain.tenants.values import Kind
from portal.web.admission import to_merchant
from portal.web.locale import lazy_gettext as _l
from portal.web.office import Office

region = Office(
    "region",
    __name__,
    url_prefix="/region/<uuid:merchant>",
    admit=to_merchant(Kind.REGION),
    layout="layouts/office.html",
    label=_l("区域运营中心"),
)
