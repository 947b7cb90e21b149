"""A provider that is down, slow, dripping or talks nonsense: five seconds, and unknown stays unknown."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID

import pytest
from sqlalchemy import select

from portal.adapters.payments.sandbox import SandboxGateway, over_http
from portal.domain.payments import actions
from portal.domain.payments.models import PaymentAttempt
from portal.domain.payments.ports import ProviderRefused, ProviderSilent
from portal.domain.payments.values import Part, RefundOrder
from portal.domain.sandbox.values import MERCHANT_NO
from portal.jobs import payments as jobs
from portal.kernel.clock import SystemClock
from portal.kernel.database import new_id
from portal.kernel.scope import Face
from portal.kernel.work import ActorKind
from tests.domain.payments.books import end_state
from tests.factories.payments import HUNDRED
from tests.factories.persons import MadePerson
from tests.factories.world import World

Talk = Callable[[socket.socket], None]
OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


def says(answer: bytes) -> Talk:
    def talk(line: socket.socket) -> None:
        line.recv(65536)
        line.sendall(answer)

    return talk


def body(text: bytes, head: bytes = OK) -> bytes:
    return head + b"Content-Length: %d\r\n\r\n" % len(text) + text


def silence(line: socket.socket) -> None:
    line.recv(65536)
    time.sleep(7)


def drip(line: socket.socket) -> None:
    line.recv(65536)
    line.sendall(OK + b"Content-Length: 1000\r\n\r\n")
    for _ in range(14):
        line.sendall(b"x")
        time.sleep(0.5)


NONSENSE: dict[str, Talk] = {
    "resets": lambda line: line.close(),
    "no http": says(b"\x00\x01\x02 hello"),
    "html": says(body(b"<html>down for maintenance</html>")),
    "empty": says(body(b"")),
    "number": says(body(b"17")),
    "list": says(body(b"[]")),
    "five hundred": says(body(b'{"code":"SYSTEM_ERROR"}', b"HTTP/1.1 500 No\r\n")),
    "too often": says(body(b'{"code":"RATELIMIT"}', b"HTTP/1.1 429 No\r\n")),
    "redirect": says(b"HTTP/1.1 302 Found\r\nLocation: http://evil.example/\r\nContent-Length: 0\r\n\r\n"),
    "fields missing": says(body(b'{"number":"x"}')),
    "amount in words": says(body(b'{"number":"x","state":"paid","amount":"1"}')),
    "unknown state": says(body(b'{"number":"x","state":"maybe"}')),
    "ten megabytes": says(body(b"[" + b" " * 10_000_000 + b"]")),
    "deep": says(body(b"[" * 60_000)),
}


@contextmanager
def provider(talk: Talk) -> Iterator[SandboxGateway]:
    """A provider on this machine that talks so."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    line, _address = server.accept()
                except OSError:
                    return
                threading.Thread(target=_quietly, args=(talk, line), daemon=True).start()

        threading.Thread(target=serve, daemon=True).start()
        yield SandboxGateway(f"http://127.0.0.1:{server.getsockname()[1]}", b"key", SystemClock())


def _quietly(talk: Talk, line: socket.socket) -> None:
    with line:
        try:
            talk(line)
        except OSError:
            return


@pytest.mark.parametrize("how", list(NONSENSE))
def test_nonsense_is_silence(how: str) -> None:
    with provider(NONSENSE[how]) as gateway, pytest.raises(ProviderSilent):
        gateway.query("x" * 32)


@pytest.mark.parametrize("talk", [silence, drip])
def test_five_seconds_and_no_longer(talk: Talk) -> None:
    begun = time.monotonic()
    with provider(talk) as gateway, pytest.raises(ProviderSilent):
        gateway.query("x" * 32)
    assert 4.5 < time.monotonic() - begun < 5.6


def test_nobody_there_is_silence() -> None:
    with provider(silence) as gateway:
        pass
    with pytest.raises(ProviderSilent):
        gateway.query("x" * 32)
    assert gateway.deliver(gateway.base, {}, b"") == 0


def test_a_clear_no_is_no_silence() -> None:
    no = says(body(b'{"code":"NOT_ENOUGH"}', b"HTTP/1.1 403 No\r\n"))
    order = RefundOrder("a" * 32, "b" * 32, 1, 1, "CNY", "")
    with provider(no) as gateway, pytest.raises(ProviderRefused, match="NOT_ENOUGH"):
        gateway.refund(order)


def test_never_heard_of_it_is_an_answer() -> None:
    with provider(says(body(b'{"code":"NOT_EXIST"}', b"HTTP/1.1 404 No\r\n"))) as gateway:
        assert gateway.query("x" * 32) is None


def test_unknown_is_asked_again_until_it_is_known(world: World) -> None:
    """Down, nonsense, then well: no state is guessed on the way, and in the end what is true is known."""
    payer, gateway = world.person(), world.gateway()
    payment = world.payment(payer)
    well = gateway.send
    with provider(NONSENSE["html"]) as bad:
        gateway.send, gateway.base = over_http, bad.base
        attempt = begun(world, payer, payment)
        for asked in range(1, 4):
            jobs.start(world.services, attempt=str(attempt))
            assert state(world, attempt) == ("unknown", asked)
    gateway.base = "http://127.0.0.1:9"
    jobs.start(world.services, attempt=str(attempt))
    assert state(world, attempt) == ("unknown", 4)
    assert end_state(world, payment).intent == "open"
    gateway.base, gateway.send = "http://127.0.0.1:8000", well
    jobs.start(world.services, attempt=str(attempt))
    assert state(world, attempt) == ("waiting", 5)


def test_a_refund_survives_a_provider_that_is_down(world: World) -> None:
    payer, subject = world.person(), new_id()
    payment = world.paid(payer, parts=(Part(subject, HUNDRED),))
    refund = world.given_back(payment, subject, 10_00)
    gateway = world.gateway()
    gateway.send, gateway.base = over_http, "http://127.0.0.1:9"
    for _ in range(3):
        jobs.give_back(world.services, refund=str(refund))
    end = end_state(world, payment)
    assert end.refunds == (("asked", "queued", 10_00),), "silence is no failure"
    assert end.escrow_fen == 90_00, "what is promised is out of the escrow"
    assert world.told(world.refund_fact(refund, 10_00)) == "applied"
    assert end_state(world, payment).refunds == (("asked", "done", 10_00),)


def begun(world: World, payer: MadePerson, payment: UUID) -> UUID:
    with world.work(Face.PERSON, person=payer.id, kind=ActorKind.PERSON) as work:
        return actions.begin(work, payment, provider="sandbox", merchant_no=MERCHANT_NO)


def state(world: World, attempt: UUID) -> tuple[str, int]:
    with world.work(Face.JOB) as work:
        row = work.session.scalars(select(PaymentAttempt).where(PaymentAttempt.id == attempt)).one()
        return row.state, row.asked
