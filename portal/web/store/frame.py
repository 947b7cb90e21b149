"""What every page of the counter's frame carries: the store's name, and where a scanner gun's code goes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import g, url_for

from portal.domain.vouchers import queries
from portal.domain.vouchers.rules import codes, words
from portal.kernel.refusals import NotFound
from portal.kernel.work import Work
from portal.web import tickets
from portal.web.pages import Page, page


def counter_page(work: Work, store: UUID, template: str, *, status: int = 200, at: str = "", **context: Any) -> Page:
    """A page of the counter; `at` is the tab it belongs to. NotFound when the store is closed for good."""
    setting = next(iter(queries.store_settings(work, store_id=store)), None)
    if setting is None:
        raise NotFound
    g.nav_at = at
    return page(
        template,
        status=status,
        store_name=setting.name,
        redeem_url=url_for("store.redeem_look"),
        now=work.now(),
        face=tickets.face,
        worth=tickets.worth,
        words=words,
        grouped=codes.grouped,
        **context,
    )
