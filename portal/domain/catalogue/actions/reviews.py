"""The platform lets versions in at a price, refuses, and takes products off sale."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from portal.domain.catalogue import errors
from portal.domain.catalogue.access import access_product, access_waiting
from portal.domain.catalogue.actions import sales as sales_acts
from portal.domain.catalogue.actions.cards import refresh_card
from portal.domain.catalogue.actions.products import back, move, touch
from portal.domain.catalogue.actions.terms import agree, has_terms
from portal.domain.catalogue.events import ProductDecided, ProductForcedOff
from portal.domain.catalogue.models import Product, Revision
from portal.domain.catalogue.values import STATES, Decision, ProductState, SaleDraft
from portal.kernel.lines import clean_line
from portal.kernel.permissions import Permission
from portal.kernel.refusals import Conflict, Refusal
from portal.kernel.words import say
from portal.kernel.work import Work

REASON_MOST = 500


def approve(
    work: Work, product_id: UUID, *, revision_id: UUID, sales: Sequence[SaleDraft], below: bool = False
) -> None:
    """Let the version in that was read: on sale at these prices from now on; its supply prices come into force.

    Refuses a version that is not the one waiting, a SKU without a price, and a price below supply unless `below`.
    """
    work.require(Permission.PRODUCT_REVIEW)
    product = access_product(work, product_id, lock=True, may=Permission.PRODUCT_REVIEW)
    revision = _read(work, product, revision_id)
    wanted = {UUID(one["id"]): one for one in revision.facts["skus"]}
    if set(wanted) != {one.sku_id for one in sales}:
        raise Refusal(say("每个规格都要有售价。"))
    for sku_id, one in wanted.items():
        if not has_terms(work, product.merchant_id, sku_id):
            agree(work, product.merchant_id, sku_id, one["supply_fen"], work.now(), reviewed=True)
    sales_acts.write(work, product, sales, below=below)
    if product.state != ProductState.ON_SALE:
        move(work, product, ProductState.ON_SALE)
    _decide(work, revision, Decision.APPROVED, "")
    product.reason, product.forced_off = "", False
    product.approved_at, product.changed_at = work.now(), None
    work.session.flush()
    refresh_card(work, product.merchant_id, product.id)
    _tell(work, product, revision, approved=True)


def refuse(work: Work, product_id: UUID, *, revision_id: UUID, reason: str) -> None:
    """Send the version back with a reason; what is on sale stays as it is."""
    work.require(Permission.PRODUCT_REVIEW)
    why = clean_line(reason, field="reason", most=REASON_MOST)
    product = access_product(work, product_id, lock=True, may=Permission.PRODUCT_REVIEW)
    revision = _read(work, product, revision_id)
    _decide(work, revision, Decision.REFUSED, why)
    back(work, product)
    product.reason = why
    work.session.flush()
    touch(work, product)
    _tell(work, product, revision, approved=False)


def force_off(work: Work, product_id: UUID, *, reason: str) -> None:
    """Take it off sale; it comes back only through a review. Refuses without a reason."""
    work.require(Permission.PRODUCT_REVIEW)
    why = clean_line(reason, field="reason", most=REASON_MOST)
    product = access_product(work, product_id, lock=True, may=Permission.PRODUCT_REVIEW)
    if product.state != ProductState.ON_SALE:
        raise errors.ProductMoved(STATES[ProductState(product.state)])
    waiting = access_waiting(work, product)
    move(work, product, ProductState.OFF_SALE)
    if waiting is not None:
        move(work, product, ProductState.REVIEW)
    product.reason, product.forced_off = why, True
    work.audit("product.forced_off", "product", product.id, about=product.merchant_id)
    refresh_card(work, product.merchant_id, product.id)
    work.publish(ProductForcedOff(product.merchant_id, product.id, product.name))


def _read(work: Work, product: Product, revision_id: UUID) -> Revision:
    revision = access_waiting(work, product)
    if revision is None or revision.id != revision_id:
        raise Conflict(say("这个版本已经处理过，或供应商又提交了新的。请刷新页面看看。"))
    return revision


def _decide(work: Work, revision: Revision, decision: Decision, reason: str) -> None:
    revision.decision, revision.reason = decision.value, reason
    revision.decided_at, revision.decided_by = work.now(), work.actor.person_id


def _tell(work: Work, product: Product, revision: Revision, *, approved: bool) -> None:
    act = "product.approved" if approved else "product.refused"
    work.audit(act, "product", product.id, about=product.merchant_id)
    name = revision.facts["name"]
    work.publish(ProductDecided(product.merchant_id, product.id, name, approved, revision.submitted_by))
