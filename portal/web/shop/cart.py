"""The cart: one form for all of it, so that no typed number is lost, whichever of its buttons is pressed."""

from __future__ import annotations

from uuid import UUID

from flask import request, session, url_for

from portal.domain.identity import queries as identity
from portal.domain.identity.values import AddressRow
from portal.domain.ordering import actions, queries
from portal.domain.ordering.values import MOST_PIECES
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound, Refusal
from portal.kernel.words import say
from portal.kernel.work import Work
from portal.web import ways
from portal.web.forms.base import Form
from portal.web.locale import gettext
from portal.web.pages import Answer, Page, SeeOther, page, see_other
from portal.web.shop import shop

BUY = Permission.ORDER_BUY


@shop.get("/cart", may=BUY)
def cart_show(work: Work) -> Page:
    """Everything in it as it stands now."""
    return _cart(work, Form(formdata=None))


def _cart(work: Work, form: Form, *, status: int = 200) -> Page:
    places = identity.addresses(work)
    quote = queries.quote(work, region_code=places[0].region_code if places else None)
    if session.get("cart") != len(quote.lines):
        session["cart"] = len(quote.lines)
    return page(
        "shop/cart/show.html",
        quote=quote,
        form=form,
        place=places[0] if places else None,
        most=MOST_PIECES,
        sellable=[line for line in quote.lines if _sellable(line)],
        status=status,
    )


def _sellable(line: queries.CartLine) -> bool:
    return line.trouble not in (queries.Trouble.OFF_SALE, queries.Trouble.SOLD_OUT)


@shop.post("/cart/add", may=BUY)
def cart_add(work: Work) -> Answer:
    """Put something in, and go on looking; or, "now", straight to the checkout with nothing else."""
    form, now = Form(), bool(request.form.get("now"))
    product, sku = one_id("product"), one_id("sku")
    if form.validate():
        with form.tries(work):
            actions.add(work, product_id=product, sku_id=sku, quantity=_pieces("quantity"), alone=now)
            keep_count(work)
            if now:
                return see_other("shop.checkout_show")
            back = ways.asked_for() or url_for("shop.goods_show", product=product, sku=sku)
            return SeeOther(back, gettext("已放进购物车。"))
    return _cart(work, form, status=422)


@shop.post("/cart", may=BUY)
def cart_save(work: Work) -> Answer:
    """Save numbers and ticks, then do what the button says."""
    form = Form()
    if form.validate():
        with form.tries(work):
            return _act(work, *request.form.get("act", "").partition(":")[::2])
    return _cart(work, form, status=422)


def _act(work: Work, act: str, what: str) -> SeeOther:
    """`act` of the button with the SKU or merchant it is about."""
    quantities, chosen = _typed()
    if act in ("more", "less"):
        sku = as_id(what)
        quantities[sku] = quantities.get(sku, 1) + (1 if act == "more" else -1)
    if act in ("all", "none"):
        _tick(work, chosen, as_id(what) if what else None, on=act == "all")
    actions.arrange(work, quantities=quantities, chosen=chosen)
    if act == "remove":
        actions.remove(work, [as_id(what)])
    if act == "gone":
        actions.remove_gone(work)
    if act == "seen":
        actions.accept_prices(work)
    keep_count(work)
    if act == "checkout":
        return see_other("shop.checkout_show")
    return SeeOther(url_for("shop.cart_show") + (f"#line-{what}" if act in ("more", "less") else ""))


def _typed() -> tuple[dict[UUID, int], set[UUID]]:
    """Numbers by SKU and the ticked ones."""
    named = [name for name in request.form if name.startswith("q-")]
    chosen = {as_id(one) for one in request.form.getlist("chosen")}
    return {as_id(name[2:]): _pieces(name) for name in named}, chosen


def _tick(work: Work, chosen: set[UUID], merchant_id: UUID | None, *, on: bool) -> None:
    """Tick all lines, or those of one merchant, or take the ticks away."""
    lines = queries.quote(work).lines
    about = {line.sku_id for line in lines if merchant_id in (None, line.merchant_id)}
    chosen |= about
    if not on:
        chosen -= about


@shop.post("/cart/undo", may=BUY)
def cart_undo(work: Work) -> Answer:
    """Put back what was removed last."""
    back = actions.put_back(work)
    keep_count(work)
    note = gettext("已放回购物车。") if back else gettext("撤销的时间过了。")
    return see_other("shop.cart_show", flash=note, tone="ok" if back else "wait")


def keep_count(work: Work) -> None:
    """The number at the cart's sign lives in this browser's cookie, so that no page has to ask for it."""
    session["cart"] = queries.count(work)


def as_id(text: str) -> UUID:
    """An id of a form. Raises NotFound when it is none."""
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None


def one_id(name: str) -> UUID:
    """The same, by the field's name."""
    return as_id(request.form.get(name, ""))


def _pieces(name: str) -> int:
    """A whole number as it was typed; the act checks its size. Refuses everything else."""
    text = request.form.get(name, "1").strip()
    if not (text.isascii() and text.isdigit() and len(text) <= 6):
        raise Refusal(say("数量请填 1 到 %(most)s。", most=MOST_PIECES), field=name)
    return int(text)


def default_place(places: list[AddressRow], asked: str) -> AddressRow | None:
    """The address that was asked for; else the default, else the newest."""
    named = next((one for one in places if str(one.id) == asked), None)
    return named or (places[0] if places else None)
