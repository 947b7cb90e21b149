"""What I agreed to and when; marketing can be taken back as easily as it was given."""

from __future__ import annotations

from portal.domain.identity import queries
from portal.domain.identity.actions import consents as acts
from portal.domain.identity.values import ConsentKind
from portal.kernel.permissions import Permission
from portal.kernel.work import Work
from portal.web.locale import gettext
from portal.web.pages import Answer, Page, page, see_other
from portal.web.shop import shop

MINE = Permission.PROFILE_EDIT


@shop.get("/me/consents", may=MINE)
def consents(work: Work) -> Page:
    """The whole record."""
    rows = queries.consents(work)
    marketing = any(row.kind is ConsentKind.MARKETING and row.withdrawn_at is None for row in rows)
    names = {
        ConsentKind.TERMS: gettext("用户协议"),
        ConsentKind.PRIVACY: gettext("隐私说明"),
        ConsentKind.MARKETING: gettext("优惠和活动消息"),
    }
    return page("shop/me/consents.html", rows=rows, marketing=marketing, names=names)


@shop.post("/me/consents/marketing", may=MINE)
def consents_give(work: Work) -> Answer:
    """Yes to advertising."""
    acts.give(work, ConsentKind.MARKETING)
    return see_other("shop.consents", flash=gettext("已同意接收优惠和活动消息。"))


@shop.post("/me/consents/marketing/withdraw", may=MINE)
def consents_withdraw(work: Work) -> Answer:
    """No more."""
    acts.withdraw_marketing(work)
    return see_other("shop.consents", flash=gettext("已取消，不会再发优惠和活动消息。"))
