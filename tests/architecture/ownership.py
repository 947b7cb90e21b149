"""Whose each table is. Most say it themselves: their primary key begins with the owner. The others are listed here.

A new table that is in none of the groups fails tests/architecture/test_schema.py.
"""

from __future__ import annotations

from tests.architecture.catalogue import Table

OWNERS = ("merchant_id", "person_id", "actor_id", "owner_id")

ROOTS = {"merchants": "the tenant itself: its id is the key", "persons": "the person himself: his id is the key"}

PLATFORM = {
    "platform_staff": "who works for the operator; keyed by the person",
    "announcements": "drafts in the operator's hands; what is published is the notice",
    "codes": "codes sent to phones that may belong to nobody yet; only the gate and the worker reach them",
    "text_messages": "texts on their way to a phone; added at the gate, only the worker reads",
    "denied_accesses": "how often doors stayed shut, by person and hour; only the worker's face counts and reads",
    "payment_callbacks": "notices of payment providers; the worker finds out whose they are",
    "sale_changes": "what the street paid before and which act changed it: the operator's prices, no merchant's",
    "sandbox_returns": "the pretend provider's own rows: another company's",
    "sandbox_switches": "the pretend provider's own rows: another company's",
    "sandbox_trades": "the pretend provider's own rows: another company's",
    "sandbox_transfers": "the pretend bank's own rows: another company's",
    "limit_counters": "digests without an owner, counted outside every Work",
    "ledger_journals": "a business act between owners; each reads his side as entries",
    "ledger_transfers": "stands between two owners; each reads his side as entries",
    "ledger_reversals": "how much of a transfer was undone; the ledger's own",
    "ledger_seals": "days that take no more postings; the ledger's own",
    "ledger_days": "closed days with their hashes, published",
    "ledger_proofs": "figures of recounts, published",
}

REFERENCE = {
    "regions": "administrative divisions, the same for everybody",
    "brands": "one list of brands for all goods; the operator keeps it",
    "categories": "one tree for all; the operator keeps it",
    "parameter_values": "the operator's numbers, read by every act",
    "notices": "published announcements",
    "ledger_kinds": "the moves that the ledger can write",
}

ROUTING = {
    "referral_links": "a printed code → the person or store it stands for, with the name that may be shown",
    "store_routes": "store → merchant: an address names the store only; two ids and nothing else",
}

EXEMPT = {
    "audit_entries": "owned by the merchant, by the actor, or by nobody (the platform's own acts); append-only",
}

_DIGESTS = "digests of secrets that were told once; the worker compares, nobody else reads"
WORKER_ONLY = {"guest_keys": _DIGESTS, "manager_pins": _DIGESTS, "pass_gifts": _DIGESTS}
"""Owned tables that no tenant's face may touch at all: there is no key to try."""

UNIQUE_WITHOUT_OWNER = {
    "persons.uq_persons_phone": "one phone, one person: the sign-in looks it up through the gate",
}

REFERENCE_WITHOUT_OWNER = {
    "ledger_entries.fk_ledger_entries_day_transfer_id": "one side of a transfer, which stands between two owners",
    "applications.fk_applications_merchant_id": "the other party: the merchant the application became",
    "memberships.fk_memberships_person_id": "the other party: who works there; persons are no merchant's",
    "bookings.fk_bookings_person_id": "the other party: who comes; None for a walk-in",
    "waitlist.fk_waitlist_person_id": "the other party: who waits",
    "table_bookings.fk_table_bookings_person_id": "the other party: who comes; None when the staff took it by phone",
    "queue_numbers.fk_queue_numbers_person_id": "the other party: who waits; None when he took his number at the door",
    "guests.fk_guests_person_id": "a guest may be a person who is signed in",
    "pass_people.fk_pass_people_person_id": "the other party: who may use it; persons are no merchant's",
    "passes.fk_passes_buyer_id": "the other party: who paid, and gets refunds; persons are no merchant's",
    "passes.fk_passes_holder_id": "the other party: who holds it; persons are no merchant's",
    "vouchers.fk_vouchers_holder_id": "the other party: who holds it; persons are no merchant's",
}

_WRITTEN_ONCE = "what is written once is refused to everybody who would change it, the owner of the tables as well"
TRIGGERS: dict[str, str] = {
    **{f"ledger_{name}.written_once": _WRITTEN_ONCE for name in ("journals", "transfers", "entries", "seals", "days")},
    "ledger_journals.open_day": "takes the lock that sealing waits for and moves a posting on to the open day",
}

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
    **dict.fromkeys(
        ("freight_templates", "freight_zones", "freight_goods"),
        "what sending costs is told of any basket before somebody buys, so the tariffs are public",
    ),
    **dict.fromkeys(
        ("services", "service_needs", "service_doers"),
        "what can be booked, for how much, and who does it is public; drafts are not",
    ),
    "resources": "who and what can be booked is public; when it is taken is not",
    "coupons": "what a merchant gives away is public; drafts are not",
    "coupon_counters": "how many are left is public",
    "pass_kinds": "what a merchant sells as passes is public; drafts are not",
    "pass_services": "and what they pay for",
    "coupon_stores": "which stores accept is public",
    "ledger_days": "closed days are published",
    "ledger_proofs": "so is what recounts found",
}

_MENUS = dict.fromkeys(
    (
        *("menus", "menu_stores", "menu_sections", "dishes", "dish_places"),
        *("dish_stores", "dish_stops", "table_rules", "table_musts"),
    ),
    "a menu hangs beside the door: what is served, at which price, what is sold out, how tables are kept",
)

OPEN: dict[tuple[str, str, str], str] = {
    **{(face, table, "SELECT"): why for face in ("face_shop", "face_person") for table, why in _STREET.items()},
    **{
        (face, table, "SELECT"): why
        for face in ("face_shop", "face_person", "face_guest")
        for table, why in _MENUS.items()
    },
}
"""(face, table, act) → why a tenant's face does this beyond its own rows."""
