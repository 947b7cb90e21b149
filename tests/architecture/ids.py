"""What stands behind each argument of a route: the table and column its value comes from.

The walker fills addresses with rows of a seeded town from here. A route argument that is missing fails the tests, so
that no new route escapes. A value is "table.column", or a callable(town) for tokens that no column holds.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

IDS: dict[str, str | Callable[[Any], Any]] = {
    "account": "ledger_accounts.id",
    "address": "addresses.id",
    "announcement": "announcements.id",
    "application": "applications.id",
    "batch": "sale_changes.batch_id",
    "callback": "payment_callbacks.id",
    "block": "reservations.holder_id",
    "brand": "brands.id",
    "case": "cases.id",
    "category": "categories.id",
    "change": "profile_changes.id",
    "checkout": "checkouts.id",
    "coupon": "coupons.id",
    "document": "application_documents.id",
    "evidence": "case_pictures.id",
    "exception": "store_exceptions.id",
    "giveback": "sandbox_returns.id",
    "intake": "import_batches.id",
    "invitation": "invitations.id",
    "journal": "ledger_journals.id",
    "member": "memberships.id",
    "listkind": lambda _town: ["products"],
    "merchant": "merchants.id",
    "notification": "notifications.id",
    "order": "orders.id",
    "paper": "merchant_papers.id",
    "parcel": "parcels.id",
    "payment": "payment_intents.id",
    "person": "persons.id",
    "photo": "product_photos.id",
    "picture": "store_pictures.id",
    "product": "products.id",
    "provider": "payment_attempts.provider",
    "readdress": "address_changes.id",
    "redemption": "redemptions.id",
    "refund": "payment_refunds.id",
    "resource": "resources.id",
    "revision": "application_revisions.id",
    "session": "sign_ins.id",
    "shortage": "stock_reports.id",
    "sku": "skus.id",
    "statement": "statements.id",
    "store": "stores.id",
    "supplier": "merchants.id",
    "template": "freight_templates.id",
    "token": "referral_links.token",
    "trade": "sandbox_trades.id",
    "transfer": "sandbox_transfers.id",
    "value": "parameter_values.id",
    "voucher": "vouchers.id",
    "withdrawal": "withdrawals.id",
}
