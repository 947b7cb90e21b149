"""Was it nothing? Status, words, rows: what an answer to a stranger may be, and with which walls standing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4
from weakref import WeakKeyDictionary

import pytest
from sqlalchemy import Engine, event

from portal.kernel import scope
from portal.kernel.database import Base
from portal.kernel.scope import Face, Key, Scope, Sight
from portal.kernel.work import Work
from tests.architecture.catalogue import Catalogue
from tests.walker.ledger import Mark
from tests.walker.probes import Probe
from tests.walker.walk import Knock, Walk

SHUT = {403, 404}
FACE_OF_OFFICE = {"shop": "person", "signin": "person", "platform": "platform", "table": "guest"}
_HOUSE = "the row is the store's and the visitor's who makes it"
LAWFUL_CHANGES = {
    ("shop.coupons_collect", "coupon_counters"): "anybody may collect what is on offer: one more is out",
    **{
        ("shop.passes_buy", table): "a pass belongs to its merchant and is held by who bought it"
        for table in ("passes", "pass_people", "pass_events", "payment_intents", "payment_parts")
    },
    ("shop.coupons_collect", "vouchers"): "the voucher belongs to its issuer and is held by the collector",
    ("shop.bookings_wait", "waitlist"): _HOUSE,
    **{("shop.queue_take", table): _HOUSE for table in ("queue_days", "queue_numbers")},
}
"""(endpoint, table) → why a stranger may change such a row of another tenant."""
_SEAT = {"guests", "guest_keys", "sittings", "sitting_keys", "sitting_tables", "reservations"}
_VISIT = {"bookings", "booking_events", "reservations", "client_visits", "notifications", "payment_intents"}
CHANGED_BY_SECRET = {
    "code": _SEAT,
    "secret": _SEAT,
    "visit": _VISIT,
    "link": {"table_bookings", "reservations", "notifications"},
    "slip": {"queue_numbers"},
    "gift": {"passes", "pass_gifts", "pass_people", "pass_events", "notifications"},
    "trade": {"sandbox_trades"},
}
"""Argument that is a secret → the tables of what its holder may change: a seat, a visit, a number of his own."""
LAWFUL_SIGHTS = {
    ("shop.invited", "referral_links", "shown_name"): "the masked name that a printed code is made to show",
    ("shop.queue_show", "queue_classes", "name"): "which queues a store keeps is written at its door",
}
"""(endpoint, table, column) → why a stranger may read it."""
SEEN_BY_SECRET = {
    "code": {"floor_tables": {"name"}, "stores": {"name"}},
    "secret": {"floor_tables": {"name"}, "stores": {"name"}},
    "visit": {
        "bookings": {"number", "note"},
        "booking_lines": {"name", "technician"},
        "stores": {"name"},
    },
    "link": {"table_bookings": {"number", "name"}, "floor_tables": {"name"}, "stores": {"name"}},
    "slip": {"queue_classes": {"name"}, "stores": {"name"}},
    "feed": {"booking_lines": {"name", "technician"}, "stores": {"name"}},
    "gift": {"passes": {"merchant_name", "name", "words"}, "payment_intents": {"return_path"}},
    "trade": {
        "sandbox_trades": {"title", "number", "merchant_no", "amount_fen"},
        "payment_intents": {"title", "amount_fen"},
    },
}
"""Argument that is a secret (probes.CAPABILITIES says why) → what its holder reads, whoever he is."""
CLAUSE = re.compile(
    r"(?<![\w.])(?P<table>\w+)\.(?P<column>merchant_id|person_id|holder_id|actor_id|sitting_id)"
    r" = %\((?P<bind>\w+)\)s(?:::UUID)?"
)


def visible(catalogue: Catalogue, face: str) -> set[tuple[str, str]]:
    """(table, column) that a face sees of everybody: the policy asks for no key and the column is granted."""
    role, found = f"face_{face}", set()
    for table in catalogue.tables.values():
        if any(policy.roles[0] == role and not policy.keyed for policy in table.policies):
            whole = table.columns if (role, "SELECT") in table.grants else ()
            columns = {*whole, *(c for who, what, c in table.column_grants if (who, what) == (role, "SELECT"))}
            found |= {(table.name, column) for column in columns}
    return found


class Judge:
    """Knows which words of B may be seen by whom."""

    def __init__(self, walk: Walk) -> None:
        self.walk = walk
        self.seen_by = {face.value: visible(walk.catalogue, face.value) for face in Face}
        drafts = {
            (table, row["_key"]) for table, rows in walk.b.rows.items() for row in rows if row.get("state") == "draft"
        }
        self.secret = [mark for mark in walk.b.marks if (mark.table, mark.row) in drafts]
        self.stopped: set[str] = set()
        self.only_formally: set[str] = set()

    def leaks(self, probe: Probe, knock: Knock) -> list[Mark]:
        """Words of B in the answer that this actor may not read; what he sent himself does not count."""
        if probe.actor.town == "B" and probe.expect != "shut":
            return []
        if (probe.actor.role or "").startswith("platform") and probe.expect == "nothing":
            return []
        sent = {value for _name, value in probe.fields} | {probe.url}
        lawful = self.seen_by["shop"] | (self.seen_by["person"] if probe.actor.person else set())
        return [
            mark
            for mark in knock.shows(self.walk.b.marks)
            if (probe.endpoint, mark.table, mark.column) not in LAWFUL_SIGHTS
            and not self._by_secret(probe, mark)
            and ((mark.table, mark.column) not in lawful or mark in self.secret)
            and not any(mark.word in value for value in sent)
            and not self._his_own(probe, mark)
        ]

    def _by_secret(self, probe: Probe, mark: Mark) -> bool:
        """Who has the secret in the address reads what it stands for."""
        secrets = self.walk.routes[probe.endpoint].rule.arguments & set(SEEN_BY_SECRET)
        return any(mark.column in SEEN_BY_SECRET[name].get(mark.table, ()) for name in secrets)

    def _shut(self, probe: Probe, knock: Knock) -> bool:
        """Refused at the door; a form may be refused for what is in it, as long as somebody was refused at the door."""
        if knock.status in SHUT or knock.to_sign_in:
            if not knock.to_sign_in:
                self.stopped.add(probe.endpoint)
            return True
        self.only_formally |= {probe.endpoint} if knock.status == 422 and probe.method == "POST" else set()
        return knock.status == 422 and probe.method == "POST"

    def _his_own(self, probe: Probe, mark: Mark) -> bool:
        """A person of B reads his own name, and the names of those he works for, on every page."""
        if probe.actor.town != "B" or probe.actor.person is None:
            return False
        own = {str(probe.actor.person.id)} | ({str(probe.actor.merchant.id)} if probe.actor.merchant else set())
        return any(part in own for part in mark.row.split("/"))

    def faults(self, probe: Probe, knock: Knock, *, by_status: bool = True) -> list[str]:
        """What is wrong with the answer."""
        found = [f"shows {mark.table}.{mark.column}" for mark in self.leaks(probe, knock)]
        if by_status and knock.status >= 500:
            found.append("breaks")
        if by_status and probe.expect == "shut" and not self._shut(probe, knock):
            found.append("is not shut")
        if "Traceback (most recent call last)" in knock.text:
            found.append("shows a traceback")
        return [f"{knock} [{probe.how}, {probe.endpoint}]: {fault}" for fault in found]


def run(walk: Walk, probes: Iterable[Probe], *, by_status: bool = True) -> list[str]:
    """Send them all; damage is looked for after each group of one endpoint and traced to the request."""
    judge, faults = Judge(walk), []
    groups: dict[tuple[str, str], list[Probe]] = {}
    for probe in probes:
        groups.setdefault((probe.endpoint, probe.method), []).append(probe)
    for group in groups.values():
        for probe in group:
            faults += judge.faults(probe, _send(walk, probe), by_status=by_status)
        if walk.moved():
            if _damage(walk, group[0].endpoint):
                faults += _trace(walk, group)
            walk.restore()
    never = judge.only_formally - judge.stopped if by_status else set()
    return faults + [f"{endpoint}: only its form was refused; give the town a valid one" for endpoint in sorted(never)]


def _damage(walk: Walk, endpoint: str) -> list[str]:
    secrets = walk.routes[endpoint].rule.arguments & set(CHANGED_BY_SECRET)
    lawful = {table for name in secrets for table in CHANGED_BY_SECRET[name]}
    found = ((line, line.split()[1]) for line in walk.damage(walk.b))
    return [line for line, table in found if table not in lawful and (endpoint, table) not in LAWFUL_CHANGES]


def _trace(walk: Walk, group: list[Probe]) -> list[str]:
    """Send a group again one by one, to name the requests that did the damage."""
    found = []
    for probe in group:
        walk.restore()
        knock = _send(walk, probe)
        damage = _damage(walk, probe.endpoint)
        if damage:
            found.append(f"{knock} [{probe.how}, {probe.endpoint}]: {'; '.join(damage[:3])}")
    return found or [f"{group[0].endpoint}: damage by several requests together"]


def _send(walk: Walk, probe: Probe) -> Knock:
    if probe.method == "POST":
        key = ("key", new_key())
        return walk.send(probe.actor, probe.url, (*probe.fields, ("csrf_token", walk.csrf), key))
    return walk.knock(probe.actor, probe.method, probe.url)


def new_key() -> str:
    """A fresh key for a form."""
    return str(uuid4())


@contextmanager
def only_row_security(engine: Engine) -> Iterator[dict[str, int]]:
    """The ORM guard off, every filter by an owner's key taken out of the SQL, every right granted, every store covered.

    What is left between the tenants is PostgreSQL. Yields a count of the filters that were taken out.
    """
    taken = {"filters": 0}
    sights = {str(mapper.local_table.name): mapper.class_.__sight__ for mapper in Base.registry.mappers}

    def strip(_c: Any, _cursor: Any, statement: str, values: Any, context: Any, _many: bool) -> tuple[str, Any]:
        head, where, tail = statement.partition("WHERE")
        if not isinstance(values, dict) or not where:
            return statement, values
        tail, number = CLAUSE.subn(lambda found: _without(found, sights, values), tail)
        taken["filters"] += number
        return head + where + tail, values

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scope, "sight_of", lambda *_args: Sight())
        patch.setattr(scope, "_guarded", lambda statement, _face: (statement, frozenset()))
        patch.setattr(scope, "_GUARDED", WeakKeyDictionary())
        patch.setattr(Work, "require", lambda *_args, **_more: None)
        patch.setattr(Scope, "covers_store", lambda *_args: True)
        event.listen(engine, "before_cursor_execute", strip, retval=True)
        try:
            yield taken
        finally:
            event.remove(engine, "before_cursor_execute", strip)


def _without(found: re.Match[str], sights: dict[str, Any], _values: dict[str, Any]) -> str:
    """The comparison made void when it is the sight of some face on this table."""
    table = re.sub(r"_\d+$", "", found["table"])
    columns = {sight.column for sight in sights.get(table, {}).values() if sight.key in set(Key)}
    return f"({found[0]} OR true)" if found["column"] in columns else found[0]
