"""The counter: a clerk with a phone in one hand."""

from __future__ import annotations

from portal.web.admission import to_store
from portal.web.locale import lazy_gettext as _l
from portal.web.office import Office

store = Office(
    "store",
    __name__,
    url_prefix="/store/<uuid:store>",
    admit=to_store,
    layout="layouts/counter.html",
    label=_l("柜台"),
)
