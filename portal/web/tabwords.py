"""Words of what is ordered at a table, which guests and staff read alike."""

from __future__ import annotations

from portal.domain.menus.rules import pricing
from portal.domain.menus.values import Pricing
from portal.domain.tabs.values import GuestShown, LineKind, LineShown, LineState
from portal.kernel.figures import say_yuan
from portal.web.locale import gettext, said


def called(guest: GuestShown | None) -> str:
    """What a guest is called; without a guest it is the table's."""
    if guest is None:
        return str(gettext("本桌"))
    return guest.name or str(gettext("%(nth)s 号客人", nth=guest.nth))


def stands(line: LineShown, waits: bool) -> tuple[str, str]:
    """A line's state in words with its tone; `waits`: its round is to be paid first."""
    if line.state is LineState.CANCELLED:
        return str(gettext("已退菜")), "quiet"
    if line.kind is LineKind.COVER:
        return "", ""
    if line.state is LineState.SERVED:
        return str(gettext("已上")), "ok"
    if waits:
        return str(gettext("待付款")), "wait"
    return str(gettext("制作中")), "info"


def worked_out(line: LineShown) -> tuple[tuple[str, int], ...]:
    """How a line's price came about, as words and fen that lead to what is to be paid; nothing where that is plain."""
    steps = [(said(pricing.said(one)), int(one["fen"])) for one in line.price] or [(line.name, line.unit_fen)]
    one_fen, weighed = sum(fen for _words, fen in steps), any(one["kind"] == Pricing.WEIGHT for one in line.price)
    off = line.total_fen - line.due_fen
    if line.state is LineState.CANCELLED or (len(steps) == line.quantity == 1 and not off and not weighed):
        return ()
    if line.quantity > 1:
        each = gettext("%(each)s × %(count)s", each=say_yuan(one_fen), count=line.quantity)
        steps.append((str(each), line.total_fen))
    if off:
        steps.append((str(gettext("赠送") if not line.due_fen else gettext("已改价")), -off))
    if len(steps) > 1:
        steps.append((str(gettext("应付")), line.due_fen))
    return tuple(steps)
