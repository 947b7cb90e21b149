"""Why something at a table is refused: what happened and what to do."""

from __future__ import annotations

from collections.abc import Sequence

from portal.kernel.refusals import Conflict, Denied, NotFound, Refusal
from portal.kernel.spoken import Yuan
from portal.kernel.words import Text, say


class NoSuchTable(NotFound):
    """The printed code is of no table of this store."""

    def __init__(self) -> None:
        super().__init__(say("没有找到这张桌子：桌码可能换过了。请叫服务员，或扫一扫桌上现在的码。"))


class NotYetOpen(Conflict):
    """The store opens its tables itself."""

    def __init__(self) -> None:
        super().__init__(say("这桌还没有开台。请叫服务员开台，再扫一次码就能点菜。"))


class TableTaken(Conflict):
    """Somebody sits there."""

    def __init__(self, names: str) -> None:
        super().__init__(say("%(names)s 现在有客人。请换一张桌子，或用“并台”。", names=names))


class NotAtTable(NotFound):
    """The browser holds no key of this sitting: another table's guest, a guessed address, a link passed on."""

    def __init__(self) -> None:
        super().__init__(say("这台手机没有加入这一桌。请扫一扫桌上的码，或请同桌的朋友发一个邀请。"))


class SittingOver(Conflict):
    """The sitting is closed: whoever was at it has no business there any more."""

    def __init__(self) -> None:
        super().__init__(say("这一桌已经清台，这个链接不再有效。要点菜，请扫桌上的码。"))


class StoreShut(Conflict):
    """The street does not show the store any more: guests who sit there pay, but order nothing new."""

    def __init__(self) -> None:
        super().__init__(say("这家店现在不能用手机点单，请叫服务员。已经点的可以照常付款。"))


class Settled(Conflict):
    """All is paid, and was a while ago: whoever sits there now scans the card."""

    def __init__(self) -> None:
        super().__init__(say("这一桌已经付清，点单结束了。还想点，请再扫一次桌上的码。"))


class StillAsking(Denied):
    """He waits to be let in."""

    def __init__(self) -> None:
        super().__init__(say("还在等同桌的朋友或服务员让您加入。"))


class SentAway(Conflict):
    """He was turned away or put out: his key is void, so nobody can let him in by it."""

    def __init__(self) -> None:
        super().__init__(say("这位已经被拒绝或请离，不能直接让他加入。请他再扫一次桌上的码。"))


class InviteOver(Conflict):
    """A friend's link that was turned, is too old, or was guessed."""

    def __init__(self) -> None:
        super().__init__(say("这个邀请已经失效。请同桌的朋友重新打开“邀请朋友”，再扫一次。"))


class TableFull(Refusal):
    """Too many phones."""

    def __init__(self, most: int) -> None:
        super().__init__(say("一桌最多加入 %(most)s 台手机。请和朋友共用一台点菜。", most=most))


class ManyAsking(Refusal):
    """Enough strangers wait already."""

    def __init__(self) -> None:
        super().__init__(say("已经有好几位在等这一桌同意。请让同桌的朋友发邀请，或叫服务员。"))


class NotYours(Denied):
    """Another guest's line."""

    def __init__(self) -> None:
        super().__init__(say("这是同桌朋友点的，只有点的人自己或服务员能改。"))


class LineMoved(Conflict):
    """Somebody has changed, ordered or removed it since the page was shown."""

    def __init__(self, name: str) -> None:
        super().__init__(say("%(name)s 刚刚有变化，请看过再操作。", name=name))


class LineHeld(Conflict):
    """Somebody is paying for it."""

    def __init__(self, name: str) -> None:
        super().__init__(say("%(name)s 正在结账或已经付过，不能再改。", name=name))


class RoundUnpaid(Conflict):
    """A round that waits for its payment is not taken apart."""

    def __init__(self, name: str) -> None:
        super().__init__(say("%(name)s 还没付款，付款或送后厨之后才能拆单。", name=name))


class NothingToPlace(Conflict):
    """No drafts, or a friend was faster."""

    def __init__(self) -> None:
        super().__init__(say("没有要下单的菜：也许同桌的朋友刚刚下过单了，请看“已下单”。"))


class NotServedNow(Refusal):
    """The menu refuses a dish; `why` is the menu's own sentence, before it the name when that does not say it."""

    def __init__(self, name: str, why: Text) -> None:
        super().__init__(why if why.params.get("name") == name else say("%(name)s：%(why)s", name=name, why=why))


class PriceMoved(Conflict):
    """The menu has other prices than the page showed: name, fen shown, fen now of each line."""

    def __init__(self, moved: Sequence[tuple[str, int, int]]) -> None:
        (name, *_more), shown, now = zip(*moved, strict=True)
        facts = {"name": name, "count": len(moved), "shown": Yuan(sum(shown)), "now": Yuan(sum(now))}
        one = say("%(name)s 的价格有变化：刚才 %(shown)s，现在 %(now)s。请核对后再下单。", **facts)
        several = say("%(name)s 等 %(count)s 样的价格有变化：刚才共 %(shown)s，现在 %(now)s。请核对后再下单。", **facts)
        super().__init__(several if len(moved) > 1 else one)


class TooMuch(Refusal):
    """More of one dish, or more lines, than anybody eats."""

    def __init__(self, most: int) -> None:
        super().__init__(say("最多 %(most)s 份。要更多，请叫服务员。", most=most), field="quantity")


class CoversHeld(Conflict):
    """Fewer people than were paid for."""

    def __init__(self) -> None:
        super().__init__(say("茶位费已经在结账，人数不能再减少。"))


class StaffOnly(Denied):
    """After the first round only the staff may lower the number of people."""

    def __init__(self) -> None:
        super().__init__(say("下过单以后，减少人数请叫服务员。"))


class NotBack(Conflict):
    """What was done afterwards stands in the way."""

    def __init__(self, why: Text) -> None:
        super().__init__(say("撤不回去了：%(why)s", why=why))


class SameSitting(Refusal):
    """Merging a table with itself."""

    def __init__(self) -> None:
        super().__init__(say("请选另外一桌。"))


class NoTable(Refusal):
    """A sitting needs a table."""

    def __init__(self) -> None:
        super().__init__(say("请选一张桌子。"), field="tables")
