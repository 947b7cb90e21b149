"""What states of passes, lines of their logs and their promises are called."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from portal.domain.passes.queries import EventLine, PassLine
from portal.domain.passes.values import Happening, KindState, PassState, UseState
from portal.domain.vouchers.rules import words
from portal.kernel.figures import say_yuan
from portal.web.locale import gettext, said
from portal.web.locale import lazy_gettext as _l

KINDS: dict[KindState, tuple[Any, str]] = {
    KindState.DRAFT: (_l("草稿"), "draft"),
    KindState.ON_SALE: (_l("在售"), "ok"),
    KindState.STOPPED: (_l("已停售"), "quiet"),
}
STATES: dict[PassState, tuple[Any, str]] = {
    PassState.UNPAID: (_l("待付款"), "wait"),
    PassState.ACTIVE: (_l("可用"), "ok"),
    PassState.SPENT: (_l("已用完"), "quiet"),
    PassState.EXPIRED: (_l("已过期"), "quiet"),
    PassState.REFUNDED: (_l("已退款"), "quiet"),
    PassState.CLOSED: (_l("未付款，已关闭"), "quiet"),
}
USES: dict[UseState, tuple[Any, str]] = {
    UseState.HELD: (_l("预约占用"), "wait"),
    UseState.USED: (_l("已使用"), "ok"),
    UseState.RETURNED: (_l("已退回"), "quiet"),
    UseState.UNDONE: (_l("已撤销"), "quiet"),
}
LOG: dict[Happening, Any] = {
    Happening.BOUGHT: _l("下单"),
    Happening.PAID: _l("付款，开始生效"),
    Happening.CLOSED: _l("没有付款，已关闭"),
    Happening.HELD: _l("预约占用 1 次"),
    Happening.USED: _l("使用 1 次"),
    Happening.RETURNED: _l("预约取消，退回 1 次"),
    Happening.UNDONE: _l("门店撤销使用，退回 1 次"),
    Happening.TRANSFERRED: _l("转赠"),
    Happening.SHARED: _l("共享给"),
    Happening.UNSHARED: _l("停止共享"),
    Happening.EXPIRED: _l("到期"),
    Happening.EXTENDED: _l("延长有效期"),
    Happening.REFUNDED: _l("退未用次数"),
}


def kind_mark(state: KindState) -> tuple[str, str]:
    """The word and its tone."""
    word, tone = KINDS[state]
    return str(word), tone


def state_mark(line: PassLine, now: datetime) -> tuple[str, str]:
    """The word and its tone; what is over is over, also before the worker has seen it."""
    state = line.state
    if state is PassState.ACTIVE and line.is_over(now):
        state = PassState.EXPIRED
    word, tone = STATES[state]
    return str(word), tone


def use_mark(state: UseState) -> tuple[str, str]:
    """The word and its tone."""
    word, tone = USES[state]
    return str(word), tone


def happening(event: EventLine) -> str:
    """A line of the log in words: what, who, how much."""
    parts = [str(LOG[event.kind])]
    if event.kind is Happening.EXPIRED:
        parts.append(str(gettext("%(count)s 次没有用完", count=event.note)))
    elif event.kind is Happening.EXTENDED:
        parts.append(str(gettext("%(count)s 天", count=event.note)))
    elif event.note:
        parts.append(event.note)
    if event.by_name:
        parts.append(event.by_name)
    if event.amount_fen and event.kind in (Happening.PAID, Happening.REFUNDED):
        parts.append(say_yuan(event.amount_fen))
    return " · ".join(parts)


def steps(log: tuple[EventLine, ...]) -> list[tuple[str, str, str, str]]:
    """For `ui.timeline`: when, what, how many are left, "done"."""
    return [
        (
            said(words.moment(event.at)),
            happening(event),
            str(gettext("剩 %(left)s 次", left=event.left)) if event.kind is not Happening.BOUGHT else "",
            "done",
        )
        for event in log
    ]


def until(expires_at: datetime | None) -> str:
    """The last day with its year, for it is often in the next one; or that there is none."""
    if expires_at is None:
        return str(gettext("长期有效"))
    day = words.last_day(expires_at)
    return str(gettext("%(year)s 年 %(day)s", year=day.day.year, day=said(day)))


def validity(days: int | None) -> str:
    """How long it is good once it is bought."""
    return str(gettext("购买后 %(days)s 天内有效", days=days)) if days else str(gettext("长期有效"))


def face(left: int) -> tuple[str, str, str]:
    """What stands large: how many are left."""
    return "", str(left), str(gettext("次"))


SHOWN: dict[str, Any] = {
    "kind_mark": kind_mark,
    "state_mark": state_mark,
    "use_mark": use_mark,
    "steps": steps,
    "until": until,
    "validity": validity,
    "face": face,
    "words": words,
}
