"""Tables of queues, the merchant's; a person sees his own number. Numbers are written by the worker's face alone.

`queue_days` counts what was given out of one class on one day, and its row is the lock of that queue.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import BYTEA
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.database import Base, Id, OwnerId, belongs_to
from portal.kernel.scope import Face, by_merchant, by_person, everyone

OWN = {Face.OFFICE: by_merchant(), Face.PLATFORM: everyone(), Face.JOB: everyone()}


class QueueRules(Base):
    """Whether a store gives numbers now, and what becomes of who does not come when he is called."""

    __tablename__ = "queue_rules"
    __sight__ = OWN
    __table_args__ = (
        belongs_to("merchant_id", "store_id", "stores"),
        CheckConstraint("back_by BETWEEN 0 AND 20", name="back_by"),
        CheckConstraint("keep_minutes BETWEEN 1 AND 60", name="keep"),
    )

    merchant_id: Mapped[OwnerId]
    store_id: Mapped[UUID] = mapped_column(primary_key=True)
    taking: Mapped[bool]
    back_by: Mapped[int] = mapped_column(SmallInteger)  # parties that go first when he comes back; 0: a new number
    keep_minutes: Mapped[int] = mapped_column(SmallInteger)  # how long who is called may take
    note: Mapped[str]
    changed_at: Mapped[datetime]


class QueueClass(Base):
    """小桌, 中桌, 大桌: a queue for parties of these sizes, with the letter of its numbers."""

    __tablename__ = "queue_classes"
    __sight__ = OWN
    __table_args__ = (
        belongs_to("merchant_id", "store_id", "stores"),
        UniqueConstraint("merchant_id", "store_id", "letter"),
        CheckConstraint("letter ~ '^[A-Z]$'", name="letter"),
        CheckConstraint("people_from BETWEEN 1 AND people_to AND people_to <= 200", name="people"),
        CheckConstraint("turn_minutes BETWEEN 1 AND 240", name="turn"),
    )

    merchant_id: Mapped[OwnerId]
    id: Mapped[Id]
    store_id: Mapped[UUID]
    letter: Mapped[str]
    name: Mapped[str]
    people_from: Mapped[int] = mapped_column(SmallInteger)
    people_to: Mapped[int] = mapped_column(SmallInteger)
    turn_minutes: Mapped[int] = mapped_column(SmallInteger)  # between two tables that become free, until turns are seen
    active: Mapped[bool]


class QueueDay(Base):
    """How many numbers of a class were given out on a day; held by whoever gives, calls or moves one."""

    __tablename__ = "queue_days"
    __sight__ = {Face.OFFICE: by_merchant(), Face.PLATFORM: everyone(), Face.JOB: everyone()}
    __table_args__ = (
        belongs_to("merchant_id", "class_id", "queue_classes"),
        CheckConstraint("last BETWEEN 0 AND 9999", name="last"),
    )

    merchant_id: Mapped[OwnerId]
    class_id: Mapped[UUID] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    last: Mapped[int] = mapped_column(SmallInteger)


class QueueNumber(Base):
    """A party that waits. `rank` is its place in line; who comes back late gets another one."""

    __tablename__ = "queue_numbers"
    __sight__ = {**OWN, Face.PERSON: by_person()}
    __table_args__ = (
        belongs_to("merchant_id", "store_id", "stores"),
        belongs_to("merchant_id", "class_id", "queue_classes"),
        UniqueConstraint("merchant_id", "class_id", "day", "nth"),
        UniqueConstraint("merchant_id", "link"),
        CheckConstraint("state IN ('waiting', 'called', 'skipped', 'seated', 'left', 'closed')", name="state"),
        CheckConstraint("(state IN ('seated', 'left', 'closed')) = (ended_at IS NOT NULL)", name="ended"),
        CheckConstraint("people BETWEEN 1 AND 200", name="people"),
        CheckConstraint("nth >= 1 AND calls >= 0", name="counts"),
        CheckConstraint("octet_length(link) = 32", name="link"),
        Index(
            "uq_queue_numbers_one_living",
            "merchant_id",
            "store_id",
            "person_id",
            unique=True,
            postgresql_where=text("state IN ('waiting', 'called') AND person_id IS NOT NULL"),
        ),
        Index("ix_queue_numbers_store_id", "merchant_id", "store_id", "day", "rank"),
        Index("ix_queue_numbers_link", "link"),
        Index("ix_queue_numbers_person_id", "person_id", "took_at"),
        Index("ix_queue_numbers_open", "day", postgresql_where=text("ended_at IS NULL")),
    )

    merchant_id: Mapped[OwnerId]
    id: Mapped[Id]
    store_id: Mapped[UUID]
    class_id: Mapped[UUID]
    day: Mapped[date]
    nth: Mapped[int] = mapped_column(SmallInteger)
    rank: Mapped[int] = mapped_column(BigInteger)
    people: Mapped[int] = mapped_column(SmallInteger)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("persons.id"))
    name: Mapped[str]
    state: Mapped[str]
    calls: Mapped[int] = mapped_column(SmallInteger)
    link: Mapped[bytes] = mapped_column(BYTEA)  # SHA-256 of what the link carries
    soon_told: Mapped[bool]
    took_at: Mapped[datetime]
    called_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
