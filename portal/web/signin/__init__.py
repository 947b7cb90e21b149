"""Signing in and out, and everything that guards it."""

from __future__ import annotations

from portal.web.admission import to_public
from portal.web.office import Office

signin = Office("signin", __name__, url_prefix="/signin", admit=to_public, layout="layouts/plain.html")
