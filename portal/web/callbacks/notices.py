"""The inbox: size, signature and time are looked at, then the notice is stored. The worker sees whether it fits."""

from __future__ import annotations

import logging
from typing import Any

from flask import Response, after_this_request, request

from portal.domain.payments import actions
from portal.domain.payments.ports import NoticeWrong, PaymentGateway, Reply
from portal.kernel.limits import Limit
from portal.kernel.permissions import ANYONE
from portal.kernel.refusals import NotFound
from portal.kernel.work import Work
from portal.web.callbacks import callbacks
from portal.web.office import Checks, services

log = logging.getLogger("portal.callbacks")
MOST_BYTES = 64 * 1024
WRONG = Limit("callbacks.wrong", 100, 600, failures_only=True)


def guesses(_args: dict[str, Any]) -> Checks:
    """Who sends wrong signatures is not listened to for a while."""
    return [(WRONG, request.remote_addr or "")]


def _gateway(name: str) -> PaymentGateway:
    gateway = services().gateways.get(name)
    if gateway is None:
        raise NotFound
    return gateway


@callbacks.post(
    "/<provider>",
    may=ANYONE,
    repeats="the provider's own number of the notice is stored once",
    signed="the provider signs the body",
    gate=guesses,
)
def notices_take(work: Work, provider: str) -> Response:
    """One notice. The answer says only whether it lies here."""
    gateway = _gateway(provider)
    if (request.content_length or 0) > MOST_BYTES:
        return _say(gateway.sorry, 413)
    request.max_content_length = MOST_BYTES
    body = request.get_data(cache=False)
    try:
        notice = gateway.read(dict(request.headers), body, work.now())
        text = body.decode()
    except (NoticeWrong, UnicodeDecodeError) as wrong:
        return _refuse(gateway, provider, getattr(wrong, "why", "garbled"))
    actions.file(work, notice, provider=provider, body=text)
    return _say(gateway.thanks, 200)


def _refuse(gateway: PaymentGateway, provider: str, why: str) -> Response:
    log.warning("a notice for %s is not believed: %s", provider, why)
    checks = guesses({})

    @after_this_request
    def _count(response: Response) -> Response:
        services().gate.miss(*checks)
        return response

    return _say(gateway.sorry, 401)


def _say(reply: Reply, status: int) -> Response:
    return Response(reply.body, status, mimetype=reply.mimetype)
