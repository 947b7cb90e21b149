"""The back office of an alliance merchant, mostly on a phone."""

from __future__ import annotations

from portal.domain.tenants.values import Kind
from portal.web.admission import to_merchant
from portal.web.locale import lazy_gettext as _l
from portal.web.office import Office

alliance = Office(
    "alliance",
    __name__,
    url_prefix="/alliance/<uuid:merchant>",
    admit=to_merchant(Kind.ALLIANCE),
    layout="layouts/office.html",
    label=_l("联盟商家"),
)
