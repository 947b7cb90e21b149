"""What is typed into fields: sensible things, and the bag of nasty ones."""

from __future__ import annotations

import io
import random
from typing import Any

from PIL import Image

NASTY: tuple[str, ...] = (
    "",
    " ",
    "\0",
    "a\0b",
    "\ud800",
    "\u202e\u0645\u0631\u062d\u0628\u0627",
    "𠮷野家😀👨‍👩‍👧‍👦",
    "x" * 100_000,
    "字" * 5_000,
    "１２３４５６",
    "１",
    "-1",
    "-0",
    "0",
    "+1",
    "007",
    "0x10",
    "1e999",
    "1e3",
    "NaN",
    "Infinity",
    "1.5",
    "1,000",
    "99999999999999999999999999",
    "2147483648",
    "9223372036854775808",
    "true",
    "null",
    "[]",
    "{}",
    "[1,2]",
    "'; DROP TABLE persons; --",
    "' OR 1=1 --",
    "{{7*7}}",
    "${7*7}",
    "%(name)s",
    "%s%s%n",
    "{0.__class__}",
    "<script>alert(1)</script>",
    "\"'><x-xss>",
    "</textarea><x-xss>",
    "javascript:alert(1)",
    "//evil.example",
    "/\\evil.example",
    "https:evil.example",
    "../../etc/passwd",
    "..\\..\\x",
    "\r\nSet-Cookie: x=y",
    "a\r\nb",
    "\t",
    "\u2028",
    "\ufeff",
    "\u0000\u0001\u001f",
    '=HYPERLINK("http://x")',
    "+cmd|' /C calc'!A0",
    "2026-02-30",
    "9999-12-31",
    "0001-01-01",
    "2026-07-04T25:61",
    "24:00",
    "22:00-02:00",
    "00:00-00:00",
    "91,181",
    "-90.0000001",
    "00000000-0000-0000-0000-000000000000",
    "not-a-uuid",
    "18800000000000",
    "+86 154 0001 0001",
    "１５４０００１０００１",
)

SENSIBLE: dict[str, tuple[str, ...]] = {
    "phone": ("15400019001", "154 0001 9002", "+8615400019003"),
    "code": ("123456", "000000"),
    "password": ("correct horse battery", "不容易猜到的口令 42"),
    "date": ("2026-07-05", "2026-12-31"),
    "time": ("09:00", "21:30"),
    "datetime-local": ("2026-07-05T09:00", "2026-08-01T00:00"),
    "number": ("1", "5", "20"),
    "email": ("a@example.com",),
    "url": ("https://example.com/a",),
    "amount": ("10", "5.5"),
    "threshold": ("30", "0"),
    "lat": ("23.0205",),
    "lng": ("113.7518",),
    "hours": ("09:00-21:00", "周一至周五 09:00-21:00"),
    "color": ("#112233",),
}
WORDS = ("小满茶铺", "石排镇福隆路 12 号", "请补充营业执照", "Tea & 饭", "夏天的第一杯")


def sensible(name: str, kind: str, dice: random.Random) -> str:
    """Something a person would type into this field."""
    for hint, values in SENSIBLE.items():
        if hint in name or hint == kind:
            return dice.choice(values)
    return dice.choice(WORDS)


def nasty(dice: random.Random) -> str:
    """Something nobody should type."""
    if dice.random() < 0.15:
        return "".join(chr(dice.randrange(1, 0x2FFF)) for _ in range(dice.randrange(1, 40)))
    if dice.random() < 0.1:
        return str(dice.randrange(-(10**12), 10**12))
    return dice.choice(NASTY)


def picture(kind: str, size: tuple[int, int] = (64, 64)) -> bytes:
    """A small real picture."""
    out = io.BytesIO()
    Image.new("RGB", size, (200, 60, 40)).save(out, kind)
    return out.getvalue()


def files() -> list[tuple[str, bytes, str]]:
    """Uploads: good, empty, cut off, lying about their kind, with hostile names."""
    png, jpeg = picture("PNG"), picture("JPEG")
    return [
        ("a.png", png, "image/png"),
        ("b.jpg", jpeg, "image/jpeg"),
        ("c.webp", picture("WEBP"), "image/webp"),
        ("", b"", "application/octet-stream"),
        ("empty.png", b"", "image/png"),
        ("cut.png", png[: len(png) // 2], "image/png"),
        ("cut.jpg", jpeg[:40], "image/jpeg"),
        ("text.png", b"hello", "image/png"),
        ("page.html", b"<script>alert(1)</script>", "text/html"),
        ("x.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "image/svg+xml"),
        ("gif.png", b"GIF89a/*" + png + b"*/=1;", "image/png"),
        ("../../etc/passwd", png, "image/png"),
        ("a\0b.png", png, "image/png"),
        ("图" * 300 + ".png", png, "image/png"),
        ("x.pdf", b"%PDF-1.4\n%%EOF", "application/pdf"),
        ("x.csv", "名称,纬度\n茶,999\n".encode("gbk"), "text/csv"),
        ("wide.png", picture("PNG", (9000, 2)), "image/png"),
    ]


FILES: list[Any] = files()
