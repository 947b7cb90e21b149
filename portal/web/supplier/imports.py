"""Lists in and out of a supplier's office: choose, fill in, look at, let go ahead, follow, take back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import IO, Any, cast
from uuid import UUID

from flask import Response, request
from werkzeug.datastructures import FileStorage

from portal.domain.catalogue.queries import Asked
from portal.domain.catalogue.values import ProductState
from portal.domain.imports import actions, queries
from portal.domain.imports.queries import Show
from portal.domain.imports.values import ENDED, RIGHTS, BatchState, Kind
from portal.domain.shipping import queries as shipping
from portal.domain.tenants.queries import staff
from portal.kernel.limits import Limit
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound
from portal.kernel.sheets import look
from portal.kernel.work import Work
from portal.web import exports, goods, importing, sessions
from portal.web.asking import asked_one, asked_words
from portal.web.forms.base import Form
from portal.web.forms.imports import UploadForm
from portal.web.locale import gettext
from portal.web.locale import lazy_gettext as _l
from portal.web.office import Checks, NavItem, services
from portal.web.pages import Answer, Page, page, see_other
from portal.web.periods import asked_after
from portal.web.sheets import Cell
from portal.web.supplier import supplier
from portal.web.supplier.orders import asked_orders

SOME = Permission.STOCK_EDIT
"""Whoever may bring any list; which, says the act itself."""
UPLOADS = Limit("imports.upload", 60, 3600)
GOODS = (Kind.PRODUCTS, Kind.PRICES, Kind.STOCK)
LOT = 500
"""Orders of a file that are asked for at once."""
supplier.nav.append(NavItem(_l("批量导入"), "supplier.imports_list", SOME, group=_l("经营")))


@supplier.get("/imports", may=SOME)
def imports_list(work: Work) -> Page:
    """What can be brought, and what was."""
    found, further = queries.batches(work, after=asked_after())
    return page(
        "supplier/imports/list.html",
        block="rows",
        batches=found,
        further=found[-1].id if further else None,
        kinds=[kind for kind in Kind if work.may(RIGHTS[kind])],
        goods_kinds=GOODS,
        names=staff.names(work, work.merchant_id),
        **importing.SHOWN,
    )


def _kind(work: Work, name: str) -> Kind:
    """A kind the reader may bring."""
    kind = Kind(name) if name in {one.value for one in Kind} else None
    if kind is None:
        raise NotFound
    work.require(RIGHTS[kind])
    return kind


@supplier.get("/imports/<listkind>/template", may=SOME)
def imports_template(work: Work, listkind: str) -> Response:
    """An empty list with an example, to fill in."""
    kind = _kind(work, listkind)
    rows, notes = importing.template(kind)
    return exports.hand_over(rows, f"{kind.value}-template", _format(), more={gettext("填写说明"): notes})


@supplier.get("/imports/<listkind>/new", may=SOME)
def imports_new(work: Work, listkind: str) -> Page:
    """Where the file goes."""
    return _new(_kind(work, listkind), UploadForm(formdata=None))


def _uploading(_args: dict[str, object]) -> Checks:
    """A file given up is kept for a while: nobody fills the disk with them."""
    claim = sessions.claim()
    return [(UPLOADS, str(claim.person_id) if claim else "")]


@supplier.post("/imports/<listkind>/new", may=SOME, gate=_uploading)
def imports_upload(work: Work, listkind: str) -> Answer:
    """Take the file; it is judged at once and read by the worker."""
    kind, form = _kind(work, listkind), UploadForm()
    if form.validate():
        with form.tries(work):
            batch_id = _bring(work, kind, form.file.data)
            return see_other("supplier.imports_show", intake=batch_id, flash=gettext("文件收到了，正在逐行检查。"))
    return _new(kind, form, status=422)


def _new(kind: Kind, form: UploadForm, *, status: int = 200) -> Page:
    named = importing.template(kind)[1][1:]
    return page("supplier/imports/new.html", status=status, kind=kind, form=form, columns=named, **importing.SHOWN)


def _bring(work: Work, kind: Kind, upload: FileStorage) -> UUID:
    stream, shelf = cast(Any, upload.stream), services().lists
    looked = look(cast(IO[bytes], stream))
    stream.seek(0)
    stored = shelf.keep(stream, looked.kind)
    try:
        return actions.bring(work, kind=kind, file_name=upload.filename or "", stored=stored)
    except BaseException:
        shelf.delete(stored)
        raise


@supplier.get("/imports/<uuid:intake>", may=SOME)
def imports_show(work: Work, intake: UUID) -> Page:
    """The preview, the progress or the result."""
    return _show(work, intake, Form())


def _show(work: Work, batch_id: UUID, form: Form, *, status: int = 200) -> Page:
    batch, show = queries.batch(work, batch_id), asked_one(Show, "show")
    if show is None:
        show = Show.TROUBLE if batch.wrong + batch.failed + batch.left else Show.ALL
    rows, further = queries.rows(work, batch_id, show, after=_after())
    answer = page(
        "supplier/imports/show.html",
        block="rows" if "after" in request.args else "progress",
        status=status,
        form=form,
        batch=batch,
        rows=rows,
        further=rows[-1].number if further else None,
        show=show.value,
        tabs=importing.tabs(batch),
        titles=dict(importing.columns(batch.kind)),
        ended=batch.state in ENDED,
        ready=batch.state is BatchState.READY,
        **importing.SHOWN,
    )
    if not batch.at_work and "live" in request.args:
        answer.headers["HX-Refresh"] = "true"
    return answer


def _after() -> int:
    text = request.args.get("after", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _act(work: Work, batch_id: UUID, act: Callable[[Work, UUID], None], done: str) -> Answer:
    form = Form()
    if form.validate():
        with form.tries(work):
            act(work, batch_id)
            return see_other("supplier.imports_show", intake=batch_id, flash=done)
    return _show(work, batch_id, form, status=422)


@supplier.post("/imports/<uuid:intake>/go", may=SOME)
def imports_go(work: Work, intake: UUID) -> Answer:
    """Apply what is right."""
    return _act(work, intake, actions.go, gettext("开始导入，可以离开这一页。"))


@supplier.post("/imports/<uuid:intake>/stop", may=SOME)
def imports_stop(work: Work, intake: UUID) -> Answer:
    """Stop between two lots."""
    return _act(work, intake, actions.stop, gettext("做完手头这一批就停。"))


@supplier.post("/imports/<uuid:intake>/discard", may=SOME)
def imports_discard(work: Work, intake: UUID) -> Answer:
    """Give the file up."""
    return _act(work, intake, actions.discard, gettext("已放弃这个文件，什么都没有改。"))


@supplier.post("/imports/<uuid:intake>/undo", may=SOME)
def imports_undo(work: Work, intake: UUID) -> Answer:
    """Take it back."""
    return _act(work, intake, actions.take_back, gettext("开始撤销；之后被改过的行会留着，并列出来。"))


@supplier.get("/imports/<uuid:intake>/trouble", may=SOME)
def imports_trouble(work: Work, intake: UUID) -> Response:
    """The rows that did not go through, to mend and bring again."""
    kind = queries.batch(work, intake).kind
    rows = importing.wrong_rows(kind, queries.trouble(work, intake))
    return exports.hand_over(rows, f"{kind.value}-errors", _format())


@supplier.get("/imports/<listkind>/export", may=Permission.PRODUCT_VIEW)
def imports_export(work: Work, listkind: str) -> Response:
    """The goods of a filtered list, in the columns of this kind."""
    if listkind not in {kind.value for kind in GOODS}:
        raise NotFound
    _chosen, ids = goods.below(goods.trees(work), request.args.get("category", ""))
    asked = Asked(asked_one(ProductState, "state"), asked_words(), ids, request.args.get("low") == "1")
    return exports.hand_over(importing.going_out(work, Kind(listkind), asked), f"{listkind}-list", _format())


@supplier.get("/imports/orders-export", may=Permission.ORDER_VIEW)
def imports_orders(work: Work) -> Response:
    """The orders of a filtered list; its first columns are those of the list of tracking numbers."""
    return exports.hand_over(_orders(work), "orders", _format())


def _orders(work: Work) -> Iterator[Sequence[Cell]]:
    yield [*(title for _name, title in importing.columns(Kind.TRACKING)), *importing.order_titles()]
    asked, more = replace(asked_orders(), after=None), True
    while more:
        rows, more = shipping.listed(work, asked, most=LOT)
        yield from (importing.order_cells(row) for row in rows)
        if more:
            asked = replace(asked, after=rows[-1].id)
            work.session.expunge_all()


def _format() -> str:
    return "csv" if request.args.get("format") == "csv" else "xlsx"
