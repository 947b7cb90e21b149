"""Where payment providers tell us what happened. A notice is stored here and applied by the worker.

Nobody signs in here: the signature over the body is the way in, and without it nothing is stored.
"""

from __future__ import annotations

from portal.web.admission import to_provider
from portal.web.office import Office

callbacks = Office("callbacks", __name__, url_prefix="/callbacks", admit=to_provider, layout="layouts/plain.html")
