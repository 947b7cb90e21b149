"""What is printed before shipping: the picking list, and labels of 76 × 130 mm; a label printed again says so."""

from __future__ import annotations

from flask import request

from portal.domain.shipping import queries
from portal.kernel.permissions import Permission
from portal.kernel.work import Work
from portal.web import dispatch
from portal.web.drawings import qr
from portal.web.pages import Page, page
from portal.web.supplier import supplier


@supplier.get("/orders/picking", may=Permission.ORDER_VIEW)
def papers_picking(work: Work) -> Page:
    """By SKU for the shelf, by order for the table."""
    ids = dispatch.unpacked(request.args.get("ids", ""))
    lines, rows = queries.picking(work, ids) if ids else ((), ())
    return page("supplier/orders/picking.html", lines=lines, rows=rows, now=work.now(), **dispatch.SHOWN)


@supplier.get("/orders/labels", may=Permission.ORDER_SHIP)
def papers_labels(work: Work) -> Page:
    """One label a sheet, whole addresses."""
    ids = dispatch.unpacked(request.args.get("ids", ""))
    labels = queries.labels(work, ids) if ids else ()
    codes = {label.order_id: qr(label.number) for label in labels}
    return page("supplier/orders/labels.html", labels=labels, codes=codes, now=work.now(), **dispatch.SHOWN)
