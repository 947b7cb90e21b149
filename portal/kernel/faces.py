"""Acting for another face within one transaction, for the few named acts that touch two sides.

Accepting an invitation, for example, is the person's act on the merchant's rows. What is borrowed is given back.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from portal.kernel.permissions import Permission
from portal.kernel.scope import Scope
from portal.kernel.work import Work


@contextmanager
def borrowed(work: Work, scope: Scope, permissions: frozenset[Permission] = frozenset()) -> Iterator[None]:
    """Take `scope` for the length of the block; the actor stays who he is. A refusal gives it back as well."""
    before = (work.scope, work.actor, work.permissions)
    work.enter(scope, work.actor, permissions)
    try:
        yield
    except BaseException:
        work.scope, work.actor, work.permissions = before  # the transaction ends or starts again: nothing to reset
        raise
    work.enter(*before)
