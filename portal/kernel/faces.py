"""Acting for another face within one transaction, for the few named acts that touch two sides.

Accepting an invitation, for example, is the person's act on the merchant's rows. What is borrowed is given back. For
one row to be added, `slip_in` does it without waiting for the database more than once.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy import insert
from sqlalchemy.exc import DBAPIError

from portal.kernel.database import Base
from portal.kernel.permissions import Permission
from portal.kernel.scope import Face, Scope, everyone, sight_of
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


def slip_in(work: Work, face: Face, model: type[Base], **values: Any) -> None:
    """Add one row with another face, which must see every row of the table. One round trip: the change of role, the
    row and the way back travel together.
    """
    if sight_of(model, face) != everyone():
        raise ValueError(f"{face} adds its own rows of {model.__name__} only: borrow it")
    connection = work.session.connection()
    driver: Any = connection.connection.driver_connection
    table: Any = model.__table__
    try:
        with driver.pipeline():
            driver.execute(f"SET LOCAL ROLE {face.role}")
            connection.execute(insert(table), values)
            driver.execute(f"SET LOCAL ROLE {work.scope.face.role}")
    except psycopg.Error as error:
        raise DBAPIError.instance(None, None, error, psycopg.Error) from error
