"""The back office of a supplier."""

from __future__ import annotations

from portal.domain.tenants.values import Kind
from portal.web.admission import to_merchant
from portal.web.locale import lazy_gettext as _l
from portal.web.office import Office

supplier = Office(
    "supplier",
    __name__,
    url_prefix="/supplier/<uuid:merchant>",
    admit=to_merchant(Kind.SUPPLIER),
    layout="layouts/office.html",
    label=_l("供应商"),
)
