"""What states of orders, their timelines and troubles of a cart are called. Filters: order_mark, happening_name,
who_name, close_name, trouble_name.
"""

from __future__ import annotations

from typing import Any

from flask import Flask

from portal.domain.ordering.queries import Trouble
from portal.domain.ordering.values import STATES, CloseReason, Happening, OrderState
from portal.web.locale import lazy_gettext as _l
from portal.web.locale import said
from portal.web.moneywords import shown_at

H, S = Happening, OrderState
TONES: dict[OrderState, str] = {
    S.UNPAID: "hot",
    S.PAID: "wait",
    S.PARTLY: "wait",
    S.SHIPPED: "info",
    S.RECEIVED: "ok",
    S.COMPLETED: "ok",
    S.CLOSED: "quiet",
}
HAPPENINGS: dict[Happening, Any] = {
    H.ADDRESS_CHANGED: _l("收货地址已修改"),
    H.CASE: _l("售后"),
    H.CLOSED: _l("订单已关闭"),
    H.COMPLETED: _l("交易完成"),
    H.NO_STOCK: _l("商家缺货"),
    H.PAID: _l("已付款"),
    H.PLACED: _l("已下单"),
    H.RECEIVED: _l("已确认收货"),
    H.REFUNDED: _l("已退款"),
    H.SHIPPED: _l("已发货"),
    H.SHIPPING_UNDONE: _l("商家撤回了一次发货"),
}
WHO: dict[str, Any] = {"buyer": _l("买家"), "merchant": _l("商家"), "platform": _l("平台"), "system": _l("系统")}
CLOSED: dict[CloseReason, Any] = {
    CloseReason.CANCELLED: _l("未付款，已取消"),
    CloseReason.EXPIRED: _l("超时未付款"),
    CloseReason.REFUNDED: _l("全部退款"),
}
TROUBLES: dict[Trouble, Any] = {
    Trouble.NOT_ENOUGH: _l("库存不够"),
    Trouble.NOT_SERVED: _l("这个地址不送"),
    Trouble.OFF_SALE: _l("已下架"),
    Trouble.SOLD_OUT: _l("卖完了"),
}


def init_app(app: Flask) -> None:
    """Give templates the filters."""
    shown_at("checkout", _l("订单"))
    app.jinja_env.filters.update(
        order_mark=lambda state: (said(STATES[state]), TONES[state]),
        happening_name=lambda kind: str(HAPPENINGS[kind]),
        who_name=lambda who: str(WHO.get(who, who)),
        close_name=lambda why: str(CLOSED[why]),
        trouble_name=lambda trouble: str(TROUBLES[trouble]),
    )
