"""The pretend payment provider: its signed requests for the adapter, and its cashier for payers. Demo and test only.

It plays another company: it knows its own trades and nothing of orders, sign-ins or payments.
"""

from __future__ import annotations

from portal.web.admission import to_provider
from portal.web.office import Office

sandbox = Office("sandbox", __name__, url_prefix="/sandbox", admit=to_provider, layout="layouts/plain.html")
