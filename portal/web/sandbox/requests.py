"""What the shop's adapter asks the pretend provider, over HTTP and signed, as with a real one."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from flask import Response, request, url_for

from portal.domain.sandbox import actions, rules
from portal.domain.sandbox.errors import OrderRefused
from portal.domain.sandbox.values import MERCHANT_NO
from portal.kernel.permissions import ANYONE
from portal.kernel.work import Work
from portal.web.office import services
from portal.web.sandbox import sandbox

MOST_BYTES = 64 * 1024
SIGNED = "the merchant's adapter signs the body"
LOOKS = "only looks"
SAME = "the merchant's own number makes it the same request"
Facts = dict[str, Any]


def _serve(work: Work, act: Callable[[Work, Facts], Facts | None]) -> Response:
    """Check the signature, act, and answer in JSON; a refusal has a code."""
    house = services()
    if house.postman is None or (request.content_length or 0) > MOST_BYTES:
        return _json({"code": "PARAM_ERROR"}, 400)
    body = request.get_data()
    try:
        rules.check(house.postman.key, dict(request.headers), body, work.now())
        asked = json.loads(body)
        told = act(work, asked if isinstance(asked, dict) else {})
    except (rules.Forged, rules.Stale):
        return _json({"code": "SIGN_ERROR"}, 401)
    except OrderRefused as refusal:
        return _json({"code": refusal.code}, 400)
    except (ValueError, RecursionError):
        return _json({"code": "PARAM_ERROR"}, 400)
    return _json(told, 200) if told is not None else _json({"code": "NOT_EXIST"}, 404)


def _json(facts: Facts, status: int) -> Response:
    return Response(rules.packed(facts), status, mimetype="application/json")


@sandbox.post("/v1/orders", may=ANYONE, repeats=SAME, signed=SIGNED, demo=True)
def orders_collect(work: Work) -> Response:
    """Open a trade; answers with the address of its cashier."""

    def act(work: Work, asked: Facts) -> Facts:
        trade = actions.collect(work, asked)
        base = services().addresses.public_url
        return {"url": base + url_for("sandbox.cashier_show", trade=trade), "merchant": MERCHANT_NO}

    return _serve(work, act)


@sandbox.post("/v1/orders/query", may=ANYONE, repeats="only looks", signed=SIGNED, demo=True)
def orders_tell(work: Work) -> Response:
    """How a trade stands."""
    return _serve(work, lambda work, asked: actions.tell(work, str(asked.get("number", ""))))


@sandbox.post("/v1/orders/close", may=ANYONE, repeats=SAME, signed=SIGNED, demo=True)
def orders_close(work: Work) -> Response:
    """Nobody may pay it any more."""
    return _serve(work, lambda work, asked: actions.close(work, str(asked.get("number", ""))))


@sandbox.post("/v1/refunds", may=ANYONE, repeats=SAME, signed=SIGNED, demo=True)
def refunds_give(work: Work) -> Response:
    """Give money back."""
    return _serve(work, actions.give_back)


@sandbox.post("/v1/refunds/query", may=ANYONE, repeats="only looks", signed=SIGNED, demo=True)
def refunds_tell(work: Work) -> Response:
    """How a refund stands."""
    return _serve(work, lambda work, asked: actions.tell_return(work, str(asked.get("number", ""))))


@sandbox.post("/v1/transfers", may=ANYONE, repeats=SAME, signed=SIGNED, demo=True)
def transfers_make(work: Work) -> Response:
    """Pay out to a bank account; one plan loses the answer after the transfer is made."""
    lost = []

    def act(work: Work, asked: Facts) -> Facts:
        told, answer_lost = actions.transfer(work, asked)
        lost.append(answer_lost)
        return told

    answer = _serve(work, act)
    return Response(b"", 200) if lost == [True] else answer


@sandbox.post("/v1/transfers/query", may=ANYONE, repeats=LOOKS, signed=SIGNED, demo=True)
def transfers_tell(work: Work) -> Response:
    """How a transfer stands."""
    return _serve(work, lambda work, asked: actions.tell_transfer(work, str(asked.get("number", ""))))
