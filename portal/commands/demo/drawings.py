"""Pictures of our own for the town: sample papers and store fronts, drawn, never photographed."""

from __future__ import annotations

import io
from hashlib import sha256

from PIL import Image, ImageDraw

Colour = tuple[int, int, int]
FRONT, THING, PAPER = (960, 640), (540, 540), (720, 510)  # drawn large, kept as large as a page shows them
AWNINGS: tuple[tuple[Colour, Colour], ...] = (
    ((214, 69, 43), (250, 235, 220)),
    ((23, 119, 90), (236, 246, 239)),
    ((44, 100, 198), (232, 240, 252)),
    ((154, 103, 0), (252, 244, 222)),
    ((120, 62, 140), (244, 236, 248)),
)


def paper(title: str) -> bytes:
    """A sample licence: frame, lines, a round seal; says SAMPLE, so that nobody takes it for a real one."""
    image = Image.new("RGB", (1200, 850), (252, 249, 240))
    draw = ImageDraw.Draw(image)
    draw.rectangle((30, 30, 1170, 820), outline=(176, 140, 70), width=8)
    draw.rectangle((50, 50, 1150, 800), outline=(176, 140, 70), width=2)
    draw.text((470, 110), "SAMPLE", fill=(150, 40, 30), font_size=64)
    for line in range(9):
        width = 500 + int(sha256(f"{title}{line}".encode()).hexdigest()[:2], 16) * 2
        draw.rectangle((160, 260 + line * 52, 160 + width, 272 + line * 52), fill=(200, 196, 186))
    draw.ellipse((860, 560, 1060, 760), outline=(196, 50, 40), width=7)
    draw.regular_polygon((960, 660, 40), 5, rotation=0, fill=(196, 50, 40))
    return _saved(image.resize(PAPER))


def shop_front(name: str) -> bytes:
    """A store front at dusk in the store's own colours."""
    seed = sha256(name.encode()).digest()
    strong, pale = AWNINGS[seed[0] % len(AWNINGS)]
    image = Image.new("RGB", (1200, 800), (42, 36, 49))
    draw = ImageDraw.Draw(image)
    for row in range(420):
        tone = row / 420
        draw.line((0, row, 1200, row), fill=(int(42 + 120 * tone), int(36 + 60 * tone), int(49 + 40 * tone)))
    draw.rectangle((0, 680, 1200, 800), fill=(70, 62, 66))
    draw.rectangle((120, 180, 1080, 700), fill=pale)
    draw.rectangle((120, 180, 1080, 270), fill=strong)
    for step in range(8):
        left = 120 + step * 120
        draw.pieslice((left, 225, left + 120, 345), 0, 180, fill=strong if step % 2 else (255, 252, 246))
    glow = (255, 226, 160)
    draw.rectangle((180, 380, 560, 640), fill=glow, outline=strong, width=10)
    draw.rectangle((640, 380, 800, 700), fill=(90, 66, 54), outline=strong, width=8)
    draw.rectangle((860, 380, 1030, 640), fill=glow, outline=strong, width=10)
    for shelf in range(3):
        for place in range(5):
            tint = seed[(shelf * 5 + place) % 32]
            left, top = 205 + place * 70, 410 + shelf * 76
            draw.rounded_rectangle((left, top, left + 44, top + 48), 10, fill=(120 + tint // 2, 90 + tint // 3, 70))
    for lamp in range(3):
        centre = 240 + lamp * 330 + seed[lamp] % 60
        draw.line((centre, 0, centre, 90), fill=(30, 26, 34), width=4)
        draw.ellipse((centre - 44, 80, centre + 44, 160), fill=(228, 84, 52))
    return _saved(image.resize(FRONT))


def thing(name: str) -> bytes:
    """Goods on a table: a jar, a bag or a box with a label, in the colours of its name."""
    seed = sha256(name.encode()).digest()
    strong, pale = AWNINGS[seed[1] % len(AWNINGS)]
    image = Image.new("RGB", (720, 720), pale)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 520, 720, 720), fill=(222, 198, 168))
    draw.ellipse((130, 560, 590, 640), fill=(196, 168, 136))
    body = tuple(70 + tint * 2 // 3 for tint in seed[2:5])
    match seed[0] % 3:
        case 0:  # a jar
            draw.rounded_rectangle((210, 200, 510, 610), 60, fill=body)
            draw.rounded_rectangle((230, 140, 490, 215), 20, fill=strong)
        case 1:  # a bag
            draw.polygon(((200, 230), (520, 230), (560, 610), (160, 610)), fill=body)
            draw.rectangle((200, 190, 520, 240), fill=strong)
        case _:  # a box
            draw.rectangle((150, 260, 570, 610), fill=body)
            draw.polygon(((150, 260), (220, 190), (640, 190), (570, 260)), fill=strong)
    draw.rounded_rectangle((250, 340, 470, 520), 18, fill=(255, 252, 246))
    for line in range(3):
        draw.rectangle((280, 370 + line * 44, 300 + seed[6 + line] % 140, 388 + line * 44), fill=strong)
    return _saved(image.resize(THING))


def _saved(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=82)
    return out.getvalue()
