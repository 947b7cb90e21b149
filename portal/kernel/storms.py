"""What the database says when it is busy or the input does not fit, in the house's own words.

Deadlocks and serialisation failures are tried again, at most three times; nothing was kept of the failed try.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import DataError, DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from portal.kernel.refusals import Busy, Refusal
from portal.kernel.words import say

Result = TypeVar("Result")
TRIES = 3
AGAIN = frozenset({"40001", "40P01"})  # serialization_failure, deadlock_detected
BUSY = frozenset({"55P03", "57014", "53300", "57P01", "57P03", "25P03"})  # lock, statement, connections, shutdown


def weather(act: Callable[[], Result]) -> Result:
    """Run `act`. Raises Busy when the database cannot answer now, Refusal when a value does not fit a column."""
    for attempt in range(1, TRIES + 1):
        try:
            return act()
        except DataError as error:
            raise Refusal(say("有一项内容超出了允许的范围，请检查后再提交。")) from error
        except PoolTimeout as error:
            raise Busy from error
        except DBAPIError as error:
            state = getattr(error.orig, "sqlstate", None)
            if state in AGAIN and attempt < TRIES:
                continue
            if state in AGAIN | BUSY or (state is None and isinstance(error, OperationalError)):
                raise Busy from error
            raise
    raise AssertionError("unreachable")
