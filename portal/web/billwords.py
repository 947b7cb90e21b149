"""Words of paying at a table that guests and staff read alike."""

from __future__ import annotations

from portal.domain.bills.values import How
from portal.web.locale import gettext


def ways() -> dict[str, str]:
    """By what a share was paid, in words."""
    words = {How.ONLINE: gettext("手机支付"), How.CASH: gettext("现金"), How.OTHER: gettext("店内收款")}
    return {how.value: str(word) for how, word in words.items()}
