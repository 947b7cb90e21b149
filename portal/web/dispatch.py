"""How shipping looks: carriers, tiles, pick-ups, flags, marks of parcels; and many orders' ids in one address."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import request

from portal.domain.shipping.queries import Tile
from portal.domain.shipping.rules.pick_ups import PickUp
from portal.domain.shipping.rules.recognising import NAMES
from portal.domain.shipping.values import PARCEL_STATES, AddressState, ParcelState, Shortage
from portal.kernel import phones
from portal.kernel.figures import say_yuan
from portal.kernel.paste.regions import plain
from portal.kernel.refusals import Refusal
from portal.kernel.words import say
from portal.web.locale import lazy_gettext as _l
from portal.web.locale import said

MOST_PRINTED = 100
P = ParcelState
PARCEL_TONES: dict[ParcelState, str] = {
    P.SENT: "wait",
    P.COLLECTED: "info",
    P.MOVING: "info",
    P.DELIVERING: "info",
    P.DELIVERED: "ok",
    P.TROUBLE: "stop",
    P.RETURNED: "quiet",
    P.UNDONE: "quiet",
}
TILES: dict[Tile, tuple[Any, Any]] = {
    Tile.TO_SHIP: (_l("待发货"), _l("买家已付款")),
    Tile.OVERDUE: (_l("超时"), _l("过了承诺的发货时间")),
    Tile.NO_STOCK: (_l("缺货"), _l("报了缺货，等货或等买家")),
    Tile.CASES: (_l("售后中"), _l("等答复、等退货、等平台")),
    Tile.SETTLING: (_l("待结算"), _l("已收货，售后期后入账")),
}
PICK_UPS: dict[PickUp, Any] = {
    PickUp.OVERDUE: _l("超时未发"),
    PickUp.NEXT: _l("这一班"),
    PickUp.LATER: _l("下一班以后"),
}
FLAGS: dict[int, Any] = {0: _l("不插旗"), 1: _l("红旗"), 2: _l("黄旗"), 3: _l("绿旗"), 4: _l("蓝旗"), 5: _l("紫旗")}
CHANGES: dict[AddressState, tuple[Any, str]] = {
    AddressState.ASKED: (_l("等商家答复"), "wait"),
    AddressState.AGREED: (_l("已同意"), "ok"),
    AddressState.REFUSED: (_l("没有同意"), "stop"),
    AddressState.WITHDRAWN: (_l("已撤回"), "quiet"),
}
SHORTAGES: dict[Shortage, Any] = {Shortage.LATER: _l("要等到货"), Shortage.NEVER: _l("不再有货")}


def carrier_name(code: str) -> str:
    """顺丰速运; an unknown code is shown as it is."""
    return said(NAMES[code]) if code in NAMES else code


def carrier_options(first: str = "") -> list[tuple[str, str]]:
    """For a select; `first` says what no choice means."""
    return [("", first), *((code, carrier_name(code)) for code in NAMES)]


def parcel_mark(state: ParcelState) -> tuple[str, str]:
    """The word and the tone of a parcel's state."""
    return said(PARCEL_STATES[state]), PARCEL_TONES[state]


def place(names: Sequence[str]) -> str:
    """省市区街道, a city that is its own district said once."""
    return " ".join(plain(names))


def packed(ids: Sequence[UUID]) -> str:
    """Many ids in one argument, short enough for a hundred."""
    return ".".join(one.hex for one in ids)


def unpacked(text: str) -> list[UUID]:
    """The ids of `packed`; nonsense is none."""
    try:
        return list(dict.fromkeys(UUID(one) for one in text.split(".")[:MOST_PRINTED] if one))
    except ValueError:
        return []


def ticked(*names: str) -> list[UUID]:
    """The orders that were ticked, or those of the next field name. Refuses none."""
    for name in names:
        try:
            found = [UUID(text) for text in request.form.getlist(name)[:MOST_PRINTED]]
        except ValueError:
            found = []
        if found:
            return list(dict.fromkeys(found))
    raise Refusal(say("请先勾选订单，一次最多 %(most)s 单。", most=MOST_PRINTED))


SHOWN: dict[str, Any] = {
    "tile_names": TILES,
    "pick_up_names": PICK_UPS,
    "flag_names": FLAGS,
    "change_marks": CHANGES,
    "shortage_names": SHORTAGES,
    "carrier_name": carrier_name,
    "carrier_options": carrier_options,
    "parcel_mark": parcel_mark,
    "place": place,
    "show_phone": phones.show,
    "exact": say_yuan,
}
