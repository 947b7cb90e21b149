"""Why something about goods is refused: what happened and what to do."""

from __future__ import annotations

from portal.kernel.refusals import Conflict, Refusal
from portal.kernel.spoken import Yuan
from portal.kernel.words import Text, say


class ProductMoved(Conflict):
    """The product's state does not allow this step."""

    def __init__(self, state: Text) -> None:
        super().__init__(say("这件商品现在是“%(state)s”，不能这样操作。请刷新页面看看。", state=state))


class ProductWaiting(Conflict):
    """A version is with the reviewer."""

    def __init__(self) -> None:
        super().__init__(say("这件商品正在审核，先撤回再改。"))


class ProductStale(Conflict):
    """Somebody else has saved in the meantime."""

    def __init__(self) -> None:
        super().__init__(say("别人刚刚改过这件商品。请打开最新的内容再改。"))


class ForcedOff(Conflict):
    """The platform took it off sale."""

    def __init__(self) -> None:
        super().__init__(say("这件商品被平台下架，请按原因修改后重新提交审核。"))


class BelowSupply(Refusal):
    """The platform would lose on every piece."""

    def __init__(self, name: str, sale: int, supply: int) -> None:
        sentence = say(
            "%(name)s 的售价 %(sale)s 低于供货价 %(supply)s。确定要亏本卖，请勾选确认。",
            name=name,
            sale=Yuan(sale),
            supply=Yuan(supply),
        )
        super().__init__(sentence, field="below")


class NotEnough(Refusal):
    """Stock would fall below zero."""

    def __init__(self, name: str, left: int) -> None:
        super().__init__(say("%(name)s 库存不够，现在可用 %(left)s 件。", name=name, left=left), field="quantity")


class SoldOut(Conflict):
    """Somebody else took the last ones."""

    def __init__(self, name: str) -> None:
        super().__init__(say("来晚一步，%(name)s 的库存不够了。", name=name))


class HoldOver(Conflict):
    """The reservation is gone."""

    def __init__(self) -> None:
        super().__init__(say("保留的库存已经过期或已经处理过了。"))


class ChangeDecided(Conflict):
    """Somebody was earlier."""

    def __init__(self) -> None:
        super().__init__(say("这次调价已经处理过了。请刷新页面看看。"))
