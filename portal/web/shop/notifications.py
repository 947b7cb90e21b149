"""The box of letters: newest first, read by opening."""

from __future__ import annotations

from uuid import UUID

from flask import request

from portal.domain.messages import actions, queries
from portal.kernel.permissions import Permission
from portal.kernel.work import Work
from portal.web.locale import gettext
from portal.web.pages import Answer, Page, SeeOther, page, see_other
from portal.web.shop import shop

MINE = Permission.PROFILE_EDIT
SIGNS = {
    "account": "shield",
    "application": "document",
    "staff": "people",
    "coupon": "ticket",
    "payment": "coins",
    "case": "undo",
    "welcome": "home",
}


@shop.get("/notifications", may=MINE)
def notifications_list(work: Work) -> Page:
    """A page of letters; `before` is the last one seen."""
    letters = queries.letters(work, before=_before())
    return page("messages/list.html", block="rows", letters=letters, signs=SIGNS, first=_before() is None)


@shop.post("/notifications/<uuid:notification>/read", may=MINE)
def notifications_read(work: Work, notification: UUID) -> Answer:
    """Open a letter: it is read, and leads on."""
    link = actions.mark_read(work, notification)
    return SeeOther(link) if link else see_other("shop.notifications_list")


@shop.post("/notifications/read-all", may=MINE)
def notifications_clear(work: Work) -> Answer:
    """The whole box is read."""
    actions.mark_all_read(work)
    return see_other("shop.notifications_list", flash=gettext("全部标为已读。"))


def _before() -> UUID | None:
    try:
        return UUID(request.args.get("before", ""))
    except ValueError:
        return None
