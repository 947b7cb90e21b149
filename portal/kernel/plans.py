"""How statements of one transaction are planned, for acts that fill a table while they look into it."""

from __future__ import annotations

from sqlalchemy import text

from portal.kernel.work import Work

_AFRESH = text("SET LOCAL plan_cache_mode = force_custom_plan")


def plan_afresh(work: Work) -> None:
    """Plan every statement of this transaction for the tables as they are now. A plan that was kept from when a table
    was empty reads all of it, lot after lot.
    """
    work.session.connection().execute(_AFRESH)
