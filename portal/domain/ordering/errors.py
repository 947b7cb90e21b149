"""Why something about a cart or an order is refused: what happened and what to do."""

from __future__ import annotations

from portal.kernel.refusals import Conflict, Refusal
from portal.kernel.spoken import Yuan
from portal.kernel.words import Text, say


class OrderMoved(Conflict):
    """The order's state does not allow this step."""

    def __init__(self, state: Text) -> None:
        super().__init__(say("这张订单现在是“%(state)s”，不能这样操作。请刷新页面看看。", state=state))


class TooManyPieces(Conflict):
    """More pieces than are left for this step."""

    def __init__(self, name: str, left: int) -> None:
        super().__init__(say("%(name)s 现在最多只能处理 %(left)s 件。请刷新页面看看。", name=name, left=left))


class TooMuchBack(Conflict):
    """More money than is left of the line."""

    def __init__(self, name: str, left: int) -> None:
        super().__init__(say("%(name)s 最多还能退 %(left)s。", name=name, left=Yuan(left)))


class NothingChosen(Refusal):
    """Neither pieces nor lines were named."""

    def __init__(self) -> None:
        super().__init__(say("请先选好商品和件数。"))


class NotOnSale(Conflict):
    """Taken off the street since the page was shown."""

    def __init__(self) -> None:
        super().__init__(say("这件商品已经下架了，看看别的吧。"))


class OnlyLeft(Refusal):
    """Fewer pieces than wanted."""

    def __init__(self, name: str, left: int) -> None:
        sentence = (
            say("%(name)s 现在只剩 %(left)s 件。", name=name, left=left)
            if left > 0
            else say("%(name)s 卖完了。", name=name)
        )
        super().__init__(sentence, field="quantity")


class CartFull(Refusal):
    """Nobody needs so many different things."""

    def __init__(self, most: int) -> None:
        super().__init__(say("购物车最多放 %(most)s 种商品，请先买下或移走一些。", most=most))


class CartEmpty(Conflict):
    """Nothing is chosen, or it was bought in another window."""

    def __init__(self) -> None:
        super().__init__(say("没有选中的商品。也许已经在别的页面下过单，请看看“我的订单”。"))


class NotToBuy(Conflict):
    """Some of what is chosen cannot be had as it stands."""

    def __init__(self, names: str) -> None:
        super().__init__(say("%(names)s 现在买不了：下架、卖完或数量不够。请回购物车改一改。", names=names))


class NotServed(Conflict):
    """The place is not served by one of the merchants."""

    def __init__(self, sentence: Text) -> None:
        super().__init__(sentence)


class PriceMoved(Conflict):
    """The page showed another amount than is right now."""

    def __init__(self, shown: int, now: int) -> None:
        super().__init__(
            say(
                "价格有变化：刚才显示 %(shown)s，现在应付 %(now)s。请核对后再提交。",
                shown=Yuan(shown),
                now=Yuan(now),
            )
        )


class ContentMoved(Conflict):
    """The same amount for something else than the page showed."""

    def __init__(self) -> None:
        super().__init__(say("购物车里的内容有变化。请核对后再提交。"))
