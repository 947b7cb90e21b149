"""Numbers of orders: sixteen digits, the day in Shanghai and ten that tell nothing. Unique for each merchant."""

from __future__ import annotations

import secrets
from datetime import datetime

from portal.kernel.figures import SHANGHAI

_TEN = 10**10


def new_number(at: datetime) -> str:
    """2607041234567890. How many orders there are cannot be told from it."""
    return f"{at.astimezone(SHANGHAI):%y%m%d}{secrets.randbelow(_TEN):010}"
