"""Whose each table is. Most say it themselves: their primary key begins with the owner. The others are listed here.

A new table that is in none of the groups fails tests/architecture/test_schema.py.
"""

from __future__ import annotations

from tests.architecture.catalogue import Table

OWNERS = ("merchant_id", "person_id", "actor_id")

ROOTS = {"merchants": "the tenant itself: its id is the key", "persons": "the person himself: his id is the key"}

PLATFORM = {
    "platform_staff": "who works for the operator; keyed by the person",
    "announcements": "drafts in the operator's hands; what is published is the notice",
    "codes": "codes sent to phones that may belong to nobody yet; only the gate and the worker reach them",
    "text_messages": "texts on their way to a phone; added at the gate, only the worker reads",
    "denied_accesses": "how often doors stayed shut, by person and hour; only the worker's face counts and reads",
    "limit_counters": "digests without an owner, counted outside every Work",
}

REFERENCE = {
    "regions": "administrative divisions, the same for everybody",
    "brands": "one list of brands for all goods; the operator keeps it",
    "categories": "one tree for all; the operator keeps it",
    "parameter_values": "the operator's numbers, read by every act",
    "notices": "published announcements",
}

ROUTING = {
    "referral_links": "a printed code → the person or store it stands for, with the name that may be shown",
    "store_routes": "store → merchant: an address names the store only; two ids and nothing else",
}

EXEMPT = {
    "audit_entries": "owned by the merchant, by the actor, or by nobody (the platform's own acts); append-only",
}

UNIQUE_WITHOUT_OWNER = {
    "persons.uq_persons_phone": "one phone, one person: the sign-in looks it up through the gate",
}

REFERENCE_WITHOUT_OWNER = {
    "applications.fk_applications_merchant_id": "the other party: the merchant the application became",
    "memberships.fk_memberships_person_id": "the other party: who works there; persons are no merchant's",
    "vouchers.fk_vouchers_holder_id": "the other party: who holds it; persons are no merchant's",
}

TRIGGERS: dict[str, str] = {}

VIEWS: dict[str, str] = {}

APPEND_ONLY = {
    "audit_entries": frozenset(),
    "stored_answers": frozenset({"answer"}),
    "stock_movements": frozenset(),
    "supply_terms": frozenset(),
}
"""Tables whose rows the web may add and never change; the columns named may be filled once."""


def owner_of(table: Table) -> str | None:
    """The owning column, or None for tables of the listed groups."""
    if table.name in ROOTS:
        return "id"
    if any(table.name in group for group in (PLATFORM, REFERENCE, ROUTING, EXEMPT)):
        return None
    first = table.primary[:1]
    return first[0] if first and first[0] in OWNERS else None


_STREET = {
    "merchants": "kind, name and state of a tenant are public",
    "store_cards": "what the street reads",
    "store_routes": "an address that names a store finds its tenant: two ids",
    "product_cards": "what the street reads of goods on sale; supply prices are elsewhere",
    "sku_cards": "what the street pays for each SKU on sale",
    "coupons": "what a merchant gives away is public; drafts are not",
    "coupon_counters": "how many are left is public",
    "coupon_stores": "which stores accept is public",
}

OPEN: dict[tuple[str, str, str], str] = {
    **{(face, table, "SELECT"): why for face in ("face_shop", "face_person") for table, why in _STREET.items()},
}
"""(face, table, act) → why a tenant's face does this beyond its own rows."""
