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
