"""The operator's back office."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.web.admission import to_platform
from portal.web.office import Office

platform = Office(
    "platform",
    __name__,
    url_prefix="/platform",
    admit=to_platform,
    layout="layouts/office.html",
    label=_l("平台"),
)
