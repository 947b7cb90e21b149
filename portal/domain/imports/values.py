"""What can be imported, where a batch and its rows stand, and both as pages show them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from portal.kernel.permissions import Permission
from portal.kernel.words import Text, say


class Kind(StrEnum):
    """What a list is about."""

    PRODUCTS = "products"
    PRICES = "prices"
    STOCK = "stock"
    TRACKING = "tracking"
    HISTORY = "history"


KINDS: Final[Mapping[Kind, Text]] = {
    Kind.PRODUCTS: say("商品"),
    Kind.PRICES: say("供货价"),
    Kind.STOCK: say("库存"),
    Kind.TRACKING: say("快递单号"),
    Kind.HISTORY: say("历史订单"),
}
RIGHTS: Final[Mapping[Kind, Permission]] = {
    Kind.PRODUCTS: Permission.PRODUCT_EDIT,
    Kind.PRICES: Permission.PRODUCT_EDIT,
    Kind.STOCK: Permission.STOCK_EDIT,
    Kind.TRACKING: Permission.ORDER_SHIP,
    Kind.HISTORY: Permission.ORDER_SHIP,
}
"""Who may import what may do the same by hand."""


class BatchState(StrEnum):
    """Where a file stands. READING, APPLYING and UNDOING are the worker's; STOPPED is an import that was cancelled
    between two lots, what was done by then stays.
    """

    READING = "reading"
    UNREADABLE = "unreadable"
    READY = "ready"
    DISCARDED = "discarded"
    APPLYING = "applying"
    STOPPED = "stopped"
    APPLIED = "applied"
    UNDOING = "undoing"
    UNDONE = "undone"


B = BatchState
STATES: Final[Mapping[BatchState, Text]] = {
    B.READING: say("检查中"),
    B.UNREADABLE: say("读不出来"),
    B.READY: say("待确认"),
    B.DISCARDED: say("已放弃"),
    B.APPLYING: say("导入中"),
    B.STOPPED: say("已停止"),
    B.APPLIED: say("已导入"),
    B.UNDOING: say("撤销中"),
    B.UNDONE: say("已撤销"),
}
AT_WORK: Final = (B.READING, B.APPLYING, B.UNDOING)
ENDED: Final = (B.STOPPED, B.APPLIED)


class Verdict(StrEnum):
    """What checking a row found."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    WRONG = "wrong"


class RowState(StrEnum):
    """What became of a row."""

    OPEN = "open"
    DONE = "done"
    FAILED = "failed"
    UNDONE = "undone"
    LEFT = "left"


@dataclass(frozen=True)
class Problem:
    """What is wrong with a cell (or the row) and what to do, to be said in the reader's language."""

    column: str
    sentence: Text

    def kept(self) -> dict[str, Any]:
        """As it is stored."""
        params = {name: str(value)[:200] for name, value in self.sentence.params.items()}
        return {"column": self.column, "msgid": self.sentence.msgid, "params": params}

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Problem:
        """As it was stored."""
        return cls(kept["column"], Text(kept["msgid"], dict(kept["params"])))


@dataclass(frozen=True)
class Line:
    """A row as it was read. `first` is the line where its group (the product) begins."""

    number: int
    first: int
    cells: Mapping[str, str]


@dataclass
class Checked:
    """What a row comes to: `key` says what it is about, `facts` is what its act needs, as JSON."""

    line: Line
    key: str = ""
    verdict: Verdict = Verdict.WRONG
    facts: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, column: str, sentence: Text) -> None:
        """Note a fault."""
        self.verdict = Verdict.WRONG
        self.problems.append(Problem(column, sentence))


@dataclass(frozen=True)
class Task:
    """A checked row on its way: `trace` is what taking it back needs."""

    number: int
    first: int
    key: str
    verdict: Verdict
    facts: Mapping[str, Any]
    trace: Mapping[str, Any]


@dataclass(frozen=True)
class Outcome:
    """What became of a row: `trace` for taking it back, `problem` when it was refused or left."""

    number: int
    state: RowState
    trace: Mapping[str, Any] = field(default_factory=dict)
    problem: Problem | None = None


@dataclass(frozen=True)
class Batch:
    """One file and how far it is."""

    id: UUID
    merchant_id: UUID
    kind: Kind
    state: BatchState
    file_name: str
    stored: str
    problem: Problem | None
    strangers: Sequence[str]
    rows: int
    new: int
    changed: int
    same: int
    wrong: int
    done: int
    failed: int
    undone: int
    left: int
    stopping: bool
    made_at: datetime
    made_by: UUID | None
    begun_at: datetime | None
    ended_at: datetime | None

    @property
    def to_do(self) -> int:
        """Rows that change something."""
        return self.new + self.changed

    @property
    def percent(self) -> int:
        """How far the worker is, 0 to 100."""
        if self.state is B.UNDOING:
            return 100 * (self.undone + self.left) // max(1, self.done)
        return 100 * (self.done + self.failed) // max(1, self.to_do)

    @property
    def at_work(self) -> bool:
        """The worker has it."""
        return self.state in AT_WORK


@dataclass(frozen=True)
class RowShown:
    """A row of the preview or the result."""

    number: int
    key: str
    verdict: Verdict
    state: RowState
    cells: Mapping[str, str]
    problems: Sequence[Problem]
