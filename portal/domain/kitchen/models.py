"""Tables of the kitchen: stations, tickets, the store's pulse, printers and print jobs.

What is told and printed is written on the worker's face alone: a ticket is unique for (line, version), and its first
paper is its one original. A store's pulse counts every change, under its row's lock, so that a screen that asks "since"
misses nothing.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.database import Base, Id, OwnerId, belongs_to
from portal.kernel.scope import Face, by_merchant, everyone

SEEN = {Face.OFFICE: by_merchant(), Face.JOB: everyone()}
JOB_STATES = "'queued', 'sending', 'submitted', 'printed', 'refused', 'uncertain', 'dropped'"


class PrinterRow(Base):
    """A printer of a store. `secret` lies sealed; `receipts`: customers' papers come out here."""

    __tablename__ = "printers"
    __sight__ = SEEN
    __table_args__ = (
        belongs_to("merchant_id", "store_id", "stores"),
        CheckConstraint("vendor IN ('escpos', 'feie', 'yilianyun', 'sandbox')", name="vendor"),
        CheckConstraint("width_mm IN (58, 80)", name="width_mm"),
        CheckConstraint("slips IN ('round', 'dish')", name="slips"),
        Index("uq_printers_name", "merchant_id", "store_id", "name", unique=True, postgresql_where=text("active")),
    )

    merchant_id: Mapped[OwnerId]
    id: Mapped[Id]
    store_id: Mapped[UUID]
    name: Mapped[str]
    vendor: Mapped[str]
    account: Mapped[str]  # the vendor's user or client
    secret: Mapped[str]
    address: Mapped[str]  # serial number, machine code, or host:port
    width_mm: Mapped[int] = mapped_column(SmallInteger)
    slips: Mapped[str]
    buzzer: Mapped[bool]
    receipts: Mapped[bool]
    active: Mapped[bool]
    changed_at: Mapped[datetime]


class PrinterState(Base):
    """How a printer was when the worker last asked it, and since when it is so."""

    __tablename__ = "printer_states"
    __sight__ = SEEN
    __table_args__ = (
        belongs_to("merchant_id", "printer_id", "printers"),
        CheckConstraint("health IN ('well', 'offline', 'no_paper', 'unknown')", name="health"),
    )

    merchant_id: Mapped[OwnerId]
    printer_id: Mapped[UUID] = mapped_column(primary_key=True)
    store_id: Mapped[UUID]
    health: Mapped[str]
    asked_at: Mapped[datetime]
    since: Mapped[datetime]


class Station(Base):
    """A place where some of the dishes are made (档口); the one that catches all makes what no other does."""

    __tablename__ = "kitchen_stations"
    __sight__ = SEEN
    __table_args__ = (
        belongs_to("merchant_id", "store_id", "stores"),
        belongs_to("merchant_id", "printer_id", "printers"),
        belongs_to("merchant_id", "spare_id", "printers"),
        CheckConstraint("spare_id <> printer_id", name="spare"),
        CheckConstraint("amber_minutes BETWEEN 1 AND 240 AND red_minutes BETWEEN amber_minutes AND 240", name="ages"),
        Index(
            "uq_kitchen_stations_name", "merchant_id", "store_id", "name", unique=True, postgresql_where=text("active")
        ),
        Index(
            "uq_kitchen_stations_catch_all",
            "merchant_id",
            "store_id",
            unique=True,
            postgresql_where=text("catch_all AND active"),
        ),
    )

    merchant_id: Mapped[OwnerId]
    id: Mapped[Id]
    store_id: Mapped[UUID]
    name: Mapped[str]
    position: Mapped[int] = mapped_column(SmallInteger)
    catch_all: Mapped[bool]
    printer_id: Mapped[UUID | None]
    spare_id: Mapped[UUID | None]  # prints what the other clearly refused
    amber_minutes: Mapped[int] = mapped_column(SmallInteger)
    red_minutes: Mapped[int] = mapped_column(SmallInteger)
    active: Mapped[bool]
    changed_at: Mapped[datetime]


class StationMake(Base):
    """A dish, or all dishes with a tag, that a station makes. Each is made at one station of a store."""

    __tablename__ = "station_makes"
    __sight__ = SEEN
    __table_args__ = (
        belongs_to("merchant_id", "store_id", "stores"),
        belongs_to("merchant_id", "station_id", "kitchen_stations"),
        belongs_to("merchant_id", "dish_id", "dishes"),
        CheckConstraint("(dish_id IS NULL) = (tag <> '')", name="what"),
        UniqueConstraint("merchant_id", "store_id", "dish_id"),
        Index(
            "uq_station_makes_tag", "merchant_id", "store_id", "tag", unique=True, postgresql_where=text("tag <> ''")
        ),
    )

    merchant_id: Mapped[OwnerId]
    id: Mapped[Id]
    store_id: Mapped[UUID]
    station_id: Mapped[UUID]
    dish_id: Mapped[UUID | None]
    tag: Mapped[str]


class PrintJob(Base):
    """A paper on its way. `copy_of`: it says 补打 on it; `ask_at`: when the worker looks again by itself."""

    __tablename__ = "print_jobs"
    __sight__ = SEEN
    __table_args__ = (
        belongs_to("merchant_id", "store_id", "stores"),
        belongs_to("merchant_id", "printer_id", "printers"),
        belongs_to("merchant_id", "copy_of", "print_jobs"),
        belongs_to("merchant_id", "spare_id", "printers"),
        CheckConstraint(f"state IN ({JOB_STATES})", name="state"),
        CheckConstraint("kind IN ('slip', 'paper', 'test')", name="kind"),
        CheckConstraint("tried >= 0 AND asked >= 0", name="counts"),
        CheckConstraint("(about_type = '') = (about_id IS NULL)", name="about"),
        Index("ix_print_jobs_id", "id"),
        Index("ix_print_jobs_made_at", "merchant_id", "store_id", "made_at"),
        Index(
            "ix_print_jobs_trouble",
            "merchant_id",
            "store_id",
            postgresql_where=text("state IN ('uncertain', 'refused')"),
        ),
        Index("ix_print_jobs_ask_at", "ask_at", postgresql_where=text("ask_at IS NOT NULL")),
    )

    merchant_id: Mapped[OwnerId]
    id: Mapped[Id]
    store_id: Mapped[UUID]
    printer_id: Mapped[UUID]
    kind: Mapped[str]
    title: Mapped[str]
    lines: Mapped[list[Any]]
    about_type: Mapped[str]
    about_id: Mapped[UUID | None]
    copy_of: Mapped[UUID | None]
    spare_id: Mapped[UUID | None]  # who prints it when its printer clearly does not
    state: Mapped[str]
    why: Mapped[str]
    vendor_no: Mapped[str]
    tried: Mapped[int] = mapped_column(SmallInteger)
    asked: Mapped[int] = mapped_column(SmallInteger)
    made_at: Mapped[datetime]
    made_by: Mapped[UUID | None]
    sent_at: Mapped[datetime | None]
    ask_at: Mapped[datetime | None]
    settled_by: Mapped[UUID | None]
    changed_at: Mapped[datetime]


class KitchenTicket(Base):
    """What the kitchen was told of one version of a line; the words are those of that moment. `ended_at`: nobody waits
    for it any more; its state stays what it was.
    """

    __tablename__ = "kitchen_tickets"
    __sight__ = SEEN
    __table_args__ = (
        belongs_to("merchant_id", "store_id", "stores"),
        belongs_to("merchant_id", "station_id", "kitchen_stations"),
        belongs_to("merchant_id", "sitting_id", "sittings"),
        belongs_to("merchant_id", "round_id", "rounds"),
        belongs_to("merchant_id", "line_id", "tab_lines"),
        belongs_to("merchant_id", "job_id", "print_jobs"),
        UniqueConstraint("merchant_id", "line_id", "version", "part"),
        CheckConstraint("kind IN ('make', 'change', 'cancel')", name="kind"),
        CheckConstraint("state IN ('new', 'done', 'served', 'cancelled')", name="state"),
        CheckConstraint("version >= 1", name="version"),
        CheckConstraint("part BETWEEN 0 AND 99", name="part"),
        CheckConstraint("quantity BETWEEN 0 AND 999", name="quantity"),
        CheckConstraint("(state = 'done') <= (done_at IS NOT NULL)", name="done"),
        Index(
            "ix_kitchen_tickets_open",
            "merchant_id",
            "store_id",
            "placed_at",
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_kitchen_tickets_sitting_id", "merchant_id", "sitting_id"),
        Index("ix_kitchen_tickets_job_id", "merchant_id", "job_id"),
    )

    merchant_id: Mapped[OwnerId]
    id: Mapped[Id]
    store_id: Mapped[UUID]
    station_id: Mapped[UUID | None]
    sitting_id: Mapped[UUID]
    round_id: Mapped[UUID]
    line_id: Mapped[UUID]
    version: Mapped[int] = mapped_column(SmallInteger)
    part: Mapped[int] = mapped_column(SmallInteger)  # 0: the whole line; of a combo its parts from 1
    kind: Mapped[str]
    state: Mapped[str]
    place: Mapped[str]
    nth: Mapped[int] = mapped_column(SmallInteger)
    dish_id: Mapped[UUID | None]
    name: Mapped[str]
    choice: Mapped[str]
    note: Mapped[str]
    unit: Mapped[str]
    quantity: Mapped[int] = mapped_column(SmallInteger)
    grams: Mapped[int | None]
    placed_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    done_by: Mapped[UUID | None]
    ended_at: Mapped[datetime | None]
    job_id: Mapped[UUID | None]  # its original paper; what is printed again belongs to nobody's ticket


class KitchenPulse(Base):
    """How often anything changed in a store's kitchen."""

    __tablename__ = "kitchen_pulses"
    __sight__ = SEEN
    __table_args__ = (belongs_to("merchant_id", "store_id", "stores"), CheckConstraint("beat >= 1", name="beat"))

    merchant_id: Mapped[OwnerId]
    store_id: Mapped[UUID] = mapped_column(primary_key=True)
    beat: Mapped[int] = mapped_column(BigInteger)
    beaten_at: Mapped[datetime]
