"""Why paying at a table is refused: what happened and what to do."""

from __future__ import annotations

from portal.kernel.refusals import Conflict, Refusal
from portal.kernel.spoken import Yuan
from portal.kernel.words import say


class NothingToPay(Conflict):
    """No line of these is left: paid, being paid, or taken off."""

    def __init__(self) -> None:
        super().__init__(say("没有要结的菜：可能已经有人在结，或者已经付过。请看“账单”。"))


class BillOver(Conflict):
    """Paid or given up meanwhile."""

    def __init__(self) -> None:
        super().__init__(say("这张账单已经结清或已取消。请回到本桌看最新的账单。"))


class StoreSuspended(Conflict):
    """Nothing is paid to a merchant through the portal whom it has suspended or closed."""

    def __init__(self) -> None:
        super().__init__(say("这家店暂停了线上收款，请直接向店员付款。"))


class ShareTooLarge(Refusal):
    """More than is left of the bill."""

    def __init__(self, left_fen: int) -> None:
        super().__init__(say("最多还能付 %(left)s，其余的已经有人付了或正在付。", left=Yuan(left_fen)), field="amount")


class TooManyShares(Refusal):
    """A bill in pieces too small."""

    def __init__(self, most: int) -> None:
        super().__init__(say("一张账单最多分 %(most)s 次付。", most=most))


class TenderedTooLittle(Refusal):
    """Less cash than is to be paid."""

    def __init__(self) -> None:
        super().__init__(say("收到的现金比应收的少。"), field="tendered")


class PartlyPaid(Conflict):
    """Somebody has paid a share already."""

    def __init__(self) -> None:
        super().__init__(say("已经有人付了一部分，这张账单不能取消。请付完余款，或请店员取消并退款。"))


class StillPaying(Conflict):
    """The table cannot be cleared while somebody's phone is at the cashier."""

    def __init__(self) -> None:
        super().__init__(say("还有人正在手机上付款。请等他付完，或取消那一笔。"))


class NotAllPaid(Conflict):
    """Clearing a table that owes."""

    def __init__(self, due_fen: int) -> None:
        super().__init__(say("这桌还有 %(due)s 没付。请先收款；要免单，请用“赠菜”。", due=Yuan(due_fen)))


class CoversCharged(Refusal):
    """Fewer people than are charged for: taken off like any other line, so somebody has to say why."""

    def __init__(self, off_fen: int) -> None:
        super().__init__(say("人数减少，茶位费会少收 %(off)s。请写原因。", off=Yuan(off_fen)), field="reason")


class PinNeeded(Refusal):
    """Above the limit only with a manager."""

    def __init__(self, limit_fen: int) -> None:
        super().__init__(say("超过 %(limit)s，请店长输入 PIN。", limit=Yuan(limit_fen)), field="pin")


class PinWrong(Refusal):
    """No manager of this store has this PIN."""

    counts = True

    def __init__(self) -> None:
        super().__init__(say("PIN 不对。请店长重新输入。"), field="pin")


class PinTooEasy(Refusal):
    """A PIN everybody tries first."""

    def __init__(self) -> None:
        super().__init__(say("PIN 请用 6 位数字，不要用 123456、同一个数字或生日那样好猜的。"), field="pin")


class TooMuchBack(Refusal):
    """More than was paid for the line."""

    def __init__(self, name: str) -> None:
        super().__init__(say("%(name)s 没有这么多可退。", name=name))


class NothingBack(Refusal):
    """A refund of nothing."""

    def __init__(self) -> None:
        super().__init__(say("请选要退的菜和份数。"))


class BillMoved(Conflict):
    """Friends ordered, or somebody paid, since the page was shown."""

    def __init__(self, shown_fen: int, now_fen: int) -> None:
        before, after = Yuan(shown_fen), Yuan(now_fen)
        super().__init__(say("账单刚变了：原来 %(before)s，现在 %(after)s。请看一眼再付。", before=before, after=after))
