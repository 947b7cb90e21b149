"""Table cards on paper: the file's objects lie where it says, and every code on it leads to its own table."""

from __future__ import annotations

import re
import zlib
from base64 import a85decode

import zxingcpp
from PIL import Image, ImageDraw

from portal.web import tablecards
from portal.web.tablecards import Card

RECT = re.compile(r"(?P<x>[\d.]+) (?P<y>[\d.]+) (?P<wide>[\d.]+) (?P<high>[\d.]+) re\b")
SHARP = 4


def cards(count: int) -> list[Card]:
    return [Card("炉前潮汕牛肉 东城店", "大厅", f"A{n}", f"https://jieshi.example/t/{n:04}/code") for n in range(count)]


def sheets(pdf: bytes) -> list[str]:
    """What is drawn on each page, in order."""
    streams = re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL)
    return [zlib.decompress(a85decode(one.strip(), adobe=True, ignorechars=b"\r\n")).decode() for one in streams]


def codes(drawn: str) -> dict[str, tuple[int, int]]:
    """The codes of a page, read from its picture, and in which column and row each stands."""
    size = (round(tablecards.WIDE) * SHARP, round(tablecards.HIGH) * SHARP)
    picture = Image.new("L", size, 255)
    pen = ImageDraw.Draw(picture)
    for one in RECT.finditer(drawn):
        x, y, wide, high = (float(one[name]) * SHARP for name in ("x", "y", "wide", "high"))
        if wide < 150 * SHARP:  # not the frame of a card
            pen.rectangle((x, size[1] - y - high, x + wide - 1, size[1] - y - 1), fill=0)
    found = zxingcpp.read_barcodes(picture)
    return {one.text: (one.position.top_left.x * 2 // size[0], one.position.top_left.y * 4 // size[1]) for one in found}


def test_every_object_lies_where_the_file_says() -> None:
    pdf = tablecards.pdf(cards(3), ("扫码点餐", "请用手机扫一扫"))
    assert pdf.startswith(b"%PDF-1.")
    assert pdf.rstrip().endswith(b"%%EOF")
    start = int(pdf.rsplit(b"startxref", 1)[1].split()[0])
    assert pdf[start:].startswith(b"xref")
    places = [int(one) for one in re.findall(rb"(\d{10}) 00000 n", pdf[start:])]
    assert len(places) == len(re.findall(rb"\d+ 0 obj", pdf))
    assert all(re.match(rb"%d 0 obj" % nth, pdf[place:]) for nth, place in enumerate(places, 1))
    assert b"/STSong-Light" in pdf
    assert b"/FontFile" not in pdf


def test_each_code_leads_to_its_own_table() -> None:
    made = cards(11)
    pages = sheets(tablecards.pdf(made, ("扫码点餐", "请用手机扫一扫")))
    assert len(pages) == 2
    expected = [{card.address: (nth % 2, nth // 2) for nth, card in enumerate(made[at : at + 8])} for at in (0, 8)]
    assert [codes(page) for page in pages] == expected


def test_long_names_stay_within_their_card_and_no_tables_are_one_empty_sheet() -> None:
    words = ("扫码点餐", "请用手机扫一扫")
    [page] = sheets(tablecards.pdf([Card("店" * 60, "区" * 30, "桌" * 12, "https://a.example/t/1/c")], words))
    sizes = [float(one) for one in re.findall(r"/F\S+ ([\d.]+) Tf", page)]
    room = (tablecards.WIDE - 2 * tablecards.MARGIN) / 2 - tablecards.QR - 34
    assert all(size * count <= room + 0.5 for size, count in zip(sizes[-3:], (12, 30, 60), strict=True))
    assert [codes(one) for one in sheets(tablecards.pdf([], words))] == [{}]
