"""What happens by itself, when, and what it does: one table. Times are UTC (Shanghai is eight hours ahead).

Every act may be missed or run twice: the next one catches up.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from portal.domain.catalogue import actions as catalogue
from portal.domain.floor import actions as floors
from portal.domain.identity.actions import codes, factors, signing
from portal.domain.ledger import actions as ledger
from portal.domain.messages import actions as messages
from portal.domain.messages.values import LETTERS_KEPT, TEXTS_KEPT
from portal.domain.shipping import actions as shipping
from portal.domain.stores import actions as stores
from portal.domain.waiting import actions as waiting
from portal.jobs import bookings, cases, imports, kitchen, orders, passes, payments, payouts, settlement, tracking
from portal.jobs.tasks import at_work
from portal.kernel import denials, idempotency
from portal.kernel.permissions import Permission
from portal.services import Services

log = logging.getLogger("portal.jobs")
CODES_KEPT = timedelta(days=2)
SIGN_INS_KEPT = timedelta(days=90)
ANSWERS_KEPT = timedelta(days=7)
MOST_LOTS = 50
MOST_ORDERS = 1000
MOST_TABLES = 500


@dataclass(frozen=True)
class Entry:
    """One line: its name, minute hour day month weekday, and the act, which tells how much it did."""

    name: str
    cron: str
    act: Callable[[Services], int]


def forget_limits(services: Services) -> int:
    """Counters of windows that are over."""
    return services.gate.forget_old()


def sum_up_denials(services: Services) -> int:
    """Totals of shut doors, when their hour is over."""
    with at_work(services) as work:
        return denials.sum_up(work)


def forget_codes(services: Services) -> int:
    """Codes nobody can use any more; the day's limits look back one day."""
    with at_work(services) as work:
        return codes.forget(work, older_than=CODES_KEPT)


def forget_sign_ins(services: Services) -> int:
    """Sign-ins that ended long ago."""
    with at_work(services) as work:
        return signing.forget(work, older_than=SIGN_INS_KEPT)


def forget_answers(services: Services) -> int:
    """Answers to forms that nobody sends again."""
    with at_work(services) as work:
        return idempotency.forget(work, older_than=ANSWERS_KEPT)


def forget_messages(services: Services) -> int:
    """Texts after a month, letters that were read after half a year."""
    with at_work(services) as work:
        return messages.forget(work, texts=TEXTS_KEPT, letters=LETTERS_KEPT)


def seal_secrets(services: Services) -> int:
    """Authenticators' secrets that lie open or under a former key."""
    with at_work(services) as work:
        return factors.seal_again(work, services.seal)


def refresh_opening_times(services: Services) -> int:
    """The coming opening times on the street's cards, lot by lot."""
    done = 0
    for _ in range(MOST_LOTS):
        with at_work(services, Permission.STORE_EDIT) as work:
            lot = stores.refresh_times(work)
        if not lot:
            break
        done += lot
    return done


def remind_shippers(services: Services) -> int:
    """What is left for the courier at five; told at four, on days when he comes."""
    with at_work(services) as work:
        return shipping.remind(work)


def remind_tables(services: Services) -> int:
    """Those whose table begins soon."""
    with at_work(services) as work:
        return floors.remind(work)


def miss_tables(services: Services) -> int:
    """Parties that were reserved, never marked, and whose stay is over."""
    for done in range(MOST_TABLES):
        with at_work(services) as work:
            if not floors.miss_one(work):
                return done
    return MOST_TABLES


def close_queues(services: Services) -> int:
    """Numbers of evenings that are over."""
    with at_work(services) as work:
        return waiting.close_days(work)


def release_stock(services: Services) -> int:
    """Stock that orders held beyond their time, order by order."""
    for done in range(MOST_ORDERS):
        with at_work(services) as work:
            if not catalogue.release_expired(work):
                return done
    return MOST_ORDERS


def close_days(services: Services) -> int:
    """Days of the ledger that are over, and those an earlier run missed."""
    with at_work(services) as work:
        ledger.seal(work)
    done, day = -1, True
    while day:
        with at_work(services) as work:
            day = ledger.close(work) is not None
        done += 1
    return done


def prove_ledger(services: Services) -> int:
    """The recount of the whole ledger; tells how many differences it found."""
    with at_work(services) as work:
        proof = ledger.prove(work)
    with at_work(services) as work:
        ledger.keep_proof(work, proof)
    if proof.differences:
        log.error("the ledger's proof found %s differences: run `flask ledger proof`", proof.differences)
    return proof.differences


TIMETABLE = (
    Entry("payments.ask", "* * * * *", payments.ask_providers),
    Entry("payments.expire", "* * * * *", payments.end_expired),
    Entry("payments.apply_waiting", "* * * * *", payments.apply_waiting),
    Entry("payouts.ask", "* * * * *", payouts.ask_bank),
    Entry("kitchen.look", "* * * * *", kitchen.look),
    Entry("kitchen.ask_health", "* * * * *", kitchen.ask_health),
    Entry("bookings.expire", "* * * * *", bookings.expire),
    Entry("bookings.close", "27 * * * *", bookings.close),
    Entry("bookings.remind", "* * * * *", bookings.remind),
    Entry("cases.deadlines", "* * * * *", cases.pass_deadlines),
    Entry("orders.receive", "*/5 * * * *", orders.receive),
    Entry("orders.complete", "*/5 * * * *", orders.complete),
    Entry("limits.forget", "7 * * * *", forget_limits),
    Entry("denials.sum_up", "3 * * * *", sum_up_denials),
    Entry("codes.forget", "12 19 * * *", forget_codes),
    Entry("sign_ins.forget", "17 19 * * *", forget_sign_ins),
    Entry("answers.forget", "22 19 * * *", forget_answers),
    Entry("messages.forget", "27 19 * * *", forget_messages),
    Entry("factors.seal", "47 * * * *", seal_secrets),
    Entry("orders.remind", "0 8 * * 1-6", remind_shippers),
    Entry("tables.remind", "*/5 * * * *", remind_tables),
    Entry("tables.miss", "*/10 * * * *", miss_tables),
    Entry("queues.close", "9 21 * * *", close_queues),
    Entry("parcels.ask", "*/5 * * * *", tracking.ask_carriers),
    Entry("stock.release", "* * * * *", release_stock),
    Entry("stores.refresh_times", "37 * * * *", refresh_opening_times),
    Entry("passes.expire", "*/10 * * * *", passes.expire),
    Entry("settlement.settle", "* * * * *", settlement.settle_orders),
    Entry("imports.wake", "*/2 * * * *", imports.wake),
    Entry("imports.forget", "52 19 * * *", imports.forget),
    Entry("ledger.close", "4 * * * *", close_days),
    Entry("statements.issue", "11 * * * *", settlement.issue_statements),
    Entry("statements.lapse", "14 * * * *", settlement.lapse_statements),
    Entry("ledger.prove", "42 16 * * *", prove_ledger),
)
