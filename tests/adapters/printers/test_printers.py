"""Each adapter keeps the port's contract against its sandbox: said once, printed once, and silence is never a no."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from ipaddress import IPv4Network
from pathlib import Path
from uuid import uuid4

import pytest

from portal.adapters.printers import feie, yilianyun
from portal.adapters.printers.escpos import CUT, EscPos, encoded
from portal.adapters.printers.feie import Feie
from portal.adapters.printers.sandbox import CLIENT, SECRET, UKEY, USER, CloudSandbox, Fault, PaperPrinter
from portal.adapters.printers.yilianyun import Yilianyun
from portal.domain.kitchen.ports import Printer
from portal.domain.kitchen.rules.layout import rows, wide
from portal.domain.kitchen.rules.reach import Reach
from portal.domain.kitchen.values import Device, Errand, Form, Health, Line, Said, Size, Vendor, Why
from portal.kernel.figures import say_yuan

HERE = Reach((IPv4Network("127.0.0.0/8"),), sandbox=True)
LINES = (
    Line("8 号桌", size=Size.LARGE, bold=True),
    Line(form=Form.RULE),
    Line("吊龙<B>\x1b@😀", form=Form.PAIR, right="×2"),
    Line("https://example.com/t/1", form=Form.QR),
)


@dataclass
class Bench:
    """One adapter with its pretend printer."""

    printer: Printer
    errand: Errand
    cloud: CloudSandbox | None = None
    paper: PaperPrinter | None = None

    def fault(self, fault: Fault) -> None:
        if self.cloud:
            self.cloud.cloud.fault = fault
        if self.paper:
            self.paper.fault = fault

    def out(self) -> list[object]:
        return list(self.cloud.cloud.tray) if self.cloud else list(self.paper.tray if self.paper else [])


def errand(vendor: Vendor, account: str, secret: str, address: str) -> Errand:
    job = uuid4()
    return Errand(job, uuid4(), Device(vendor, account, secret, address, 32, True), LINES, job.hex)


def now() -> datetime:
    return datetime(2026, 7, 4, 4, 0, tzinfo=UTC)


@pytest.fixture(params=["feie", "yilianyun", "escpos"])
def bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    if request.param == "escpos":
        with PaperPrinter() as paper:
            yield Bench(EscPos(HERE, timeout=1.0), errand(Vendor.ESCPOS, "", "", paper.address), paper=paper)
        return
    with CloudSandbox() as cloud:
        if request.param == "feie":
            printer: Printer = Feie(now, base=cloud.feie)
            yield Bench(printer, errand(Vendor.FEIE, USER, UKEY, "922500000"), cloud)
        else:
            printer = Yilianyun(now, base=cloud.yilianyun)
            yield Bench(printer, errand(Vendor.YILIANYUN, CLIENT, SECRET, "4004000000"), cloud)


def test_a_paper_comes_out_once_and_the_printer_says_so(bench: Bench) -> None:
    answer = bench.printer.send(bench.errand)
    assert answer.said in (Said.PRINTED, Said.SUBMITTED)
    if answer.said is Said.SUBMITTED:
        asked = bench.printer.state(replace(bench.errand, vendor_no=answer.number))
        assert asked.said is Said.PRINTED
    assert len(bench.out()) == 1
    assert bench.printer.health(bench.errand.device) is Health.WELL


@pytest.mark.parametrize("fault", [Fault.SILENT_AFTER, Fault.SILENT_BEFORE, Fault.GARBLED])
def test_silence_is_unknown_and_never_sent_again(bench: Bench, fault: Fault) -> None:
    if bench.paper and fault is Fault.GARBLED:
        return  # its answer has no words
    bench.fault(fault)
    answer = bench.printer.send(bench.errand)
    assert (answer.said, answer.passing) == (Said.UNKNOWN, False)
    assert len(bench.out()) == (0 if fault is Fault.SILENT_BEFORE else 1)
    bench.fault(Fault.NONE)
    asked = bench.printer.state(bench.errand)
    found = bench.errand.device.vendor is Vendor.YILIANYUN and fault is not Fault.SILENT_BEFORE
    assert asked.said is (Said.PRINTED if found else Said.UNKNOWN), "our own number finds it again, where there is one"
    assert len(bench.out()) == (0 if fault is Fault.SILENT_BEFORE else 1), "asking prints nothing"


@pytest.mark.parametrize("fault", [Fault.OFFLINE, Fault.NO_PAPER])
def test_a_printer_that_cannot_is_told_of(bench: Bench, fault: Fault) -> None:
    bench.fault(fault)
    assert bench.printer.health(bench.errand.device) in (Health.OFFLINE, Health.NO_PAPER)
    answer = bench.printer.send(bench.errand)
    assert bench.out() == []
    if bench.paper:
        assert (answer.said, answer.passing) == (Said.REFUSED, True)
        assert answer.why in (Why.OFFLINE, Why.NO_PAPER)
        return
    assert bench.cloud
    assert answer.said is Said.SUBMITTED, "the cloud keeps it until the printer is well"
    later = replace(bench.errand, vendor_no=answer.number)
    assert bench.printer.state(later).said is Said.SUBMITTED
    bench.cloud.cloud.recover()
    assert bench.printer.state(later).said is Said.PRINTED
    assert len(bench.out()) == 1


def test_nobody_there_is_a_clear_no(bench: Bench) -> None:
    gone = replace(bench.errand, device=replace(bench.errand.device, address="127.0.0.2:9109"))
    printer = bench.printer
    if isinstance(printer, Feie | Yilianyun):
        printer.base, gone = "http://127.0.0.1:9/", bench.errand
    answer = printer.send(gone)
    assert (answer.said, answer.why, answer.passing) == (Said.REFUSED, Why.OFFLINE, True)


@pytest.mark.parametrize(
    ("networks", "sandbox", "address"),
    [
        ((), False, ""),
        (("127.0.0.0/8",), False, ""),
        (("10.0.0.0/8",), True, ""),
        (("127.0.0.0/8",), True, "localhost:9100"),
        (("127.0.0.0/8",), True, "[::1]:9100"),
    ],
)
def test_what_is_out_of_reach_is_not_connected_to(networks: tuple[str, ...], sandbox: bool, address: str) -> None:
    with PaperPrinter() as paper:
        near = EscPos(Reach(tuple(map(IPv4Network, networks)), sandbox=sandbox), timeout=1.0)
        one = errand(Vendor.ESCPOS, "", "", address or paper.address)
        answer = near.send(one)
        assert (answer.said, answer.why, answer.passing) == (Said.REFUSED, Why.CLOSED, False)
        assert near.health(one.device) is Health.OFFLINE
        assert (paper.tray, paper.links) == ([], 0)


def test_a_wrong_key_and_an_unknown_machine_are_refused(bench: Bench) -> None:
    if bench.paper:
        return
    wrong = replace(bench.errand, device=replace(bench.errand.device, secret="another"))
    assert (bench.printer.send(wrong).said, bench.printer.send(wrong).why) == (Said.REFUSED, Why.KEY)
    lost = replace(bench.errand, device=replace(bench.errand.device, address="nowhere"))
    assert (bench.printer.send(lost).said, bench.printer.send(lost).why) == (Said.REFUSED, Why.DEVICE)
    assert bench.out() == []


def test_a_request_that_arrives_twice() -> None:
    with CloudSandbox() as sandbox:
        sandbox.cloud.fault = Fault.DUPLICATE
        yly = Yilianyun(now, base=sandbox.yilianyun)
        yly.send(errand(Vendor.YILIANYUN, CLIENT, SECRET, "4004000000"))
        assert len(sandbox.cloud.tray) == 1, "our number makes it one paper"
        Feie(now, base=sandbox.feie).send(errand(Vendor.FEIE, USER, UKEY, "922500000"))
        assert len(sandbox.cloud.tray) == 3, "Feie has no such number: the network's doubles are two papers there"


def test_a_token_that_is_over_is_asked_for_again_and_prints_once() -> None:
    with CloudSandbox() as sandbox:
        yly, one = Yilianyun(now, base=sandbox.yilianyun), errand(Vendor.YILIANYUN, CLIENT, SECRET, "4004000000")
        yly.health(one.device)
        sandbox.cloud.fault = Fault.STALE
        assert yly.send(one).said is Said.SUBMITTED
        assert len(sandbox.cloud.tray) == 1
        assert sandbox.cloud.asked.count("oauth/oauth") == 2, "a token is kept: the vendor limits how often it is given"


def test_the_signatures_are_the_handbooks() -> None:
    handbook = Path(__file__).parents[4] / "shared" / "protocols" / "vectors.json"
    known = {
        "feie": ("3e0b48274ee13bfed3822d3d1710819d091ea826", feie.signature(USER, UKEY, "1700000000")),
        "yilianyun": ("e19398fa16b4b8261c4630a406c44cc2", yilianyun.signature(CLIENT, "1700000000", SECRET)),
    }
    assert all(expected == made for expected, made in known.values())
    if handbook.exists():
        listed = {one["name"]: one["expected"] for one in json.loads(handbook.read_text("utf-8")) if "name" in one}
        assert {name: listed[name] for name in known} == {name: pair[0] for name, pair in known.items()}


@pytest.mark.parametrize("columns", [32, 48])
def test_paper_is_as_wide_as_it_is_and_nothing_steers_the_printer(columns: int) -> None:
    laid = rows((*LINES, Line("一二三四五六七八九十" * 8, size=Size.LARGE)), columns)
    for row in laid:
        assert row.qr or wide(row.text) <= (columns // 2 if row.size is Size.LARGE else columns)
    data = encoded(laid)
    assert data.count(CUT) == 1
    assert data.count(b"\x1b@") == 1, "what people typed does not reset the printer"
    assert "吊龙".encode("gb18030") in data
    for markup in (feie.written(laid), yilianyun.written(laid)):
        assert "吊龙＜B＞" in markup
        assert "\x1b" not in markup


def test_money_is_on_paper_as_a_till_prints_it() -> None:
    laid = rows((Line("合计", form=Form.PAIR, right=say_yuan(1_234_500)), Line(say_yuan(-650))), 32)
    assert [row.text.split() for row in laid] == [["合计", "￥12", "345.00"], ["-￥6.50"]]
    assert wide(laid[0].text) == 32
    assert "￥12 345.00".encode("gb18030") in encoded(laid)
