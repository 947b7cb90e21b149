"""What is done at tables.

The staff's and the guests' faces call these with their own rights. Features above call them from acts of their own on
`Scope(Face.JOB, merchant_id=…)` with TAB_ORDER and TAB_SERVE in hand (`access.house`, `access.RIGHTS`): the kitchen
`serve`; bills `hold_lines`, `let_go`, `release`, `cancel_line`, `gift`, `reprice`, `close`.
"""

from portal.domain.tabs.actions.calling import answer_call, call_waiter
from portal.domain.tabs.actions.drafts import add, change, remove
from portal.domain.tabs.actions.joining import join, join_by_invite, let_in, rename, turn_away, turn_key
from portal.domain.tabs.actions.lines import cancel_line, gift, hold_lines, let_go, reprice, serve
from portal.domain.tabs.actions.moving import merge, move_tables, split_lines
from portal.domain.tabs.actions.placing import place, release, send, withdraw
from portal.domain.tabs.actions.settling import settle
from portal.domain.tabs.actions.sitting import close, open, reopen, set_people  # noqa: A004  # 开台
from portal.domain.tabs.actions.undoing import undo

__all__ = [
    "add",
    "answer_call",
    "call_waiter",
    "cancel_line",
    "change",
    "close",
    "gift",
    "hold_lines",
    "join",
    "join_by_invite",
    "let_go",
    "let_in",
    "merge",
    "move_tables",
    "open",
    "place",
    "release",
    "remove",
    "rename",
    "reopen",
    "reprice",
    "send",
    "serve",
    "set_people",
    "settle",
    "split_lines",
    "turn_away",
    "turn_key",
    "undo",
    "withdraw",
]
