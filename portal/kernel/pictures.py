"""Uploads made harmless: pictures are decoded and drawn anew, documents are pictures or plain PDFs.

Limits come before parsing, the type comes from the content, and nothing of the original file (place, camera,
comments, hidden parts) survives. What is not a picture is refused with the sentence people read.
"""

from __future__ import annotations

import io
import re
import struct
import warnings
import zlib
from dataclasses import dataclass
from typing import BinaryIO, Final

from PIL import Image, ImageCms, ImageOps

from portal.kernel.refusals import Refusal
from portal.kernel.words import Text, say

MOST_BYTES: Final = 8 * 1024 * 1024
MOST_PIXELS: Final = 25_000_000
MOST_SIDE: Final = 12_000
FULL_SIDE: Final = 1600
DOCUMENT_SIDE: Final = 2400
SQUARES: Final = (160, 480)
WIDE: Final = (960, 640)

_FORMATS: Final = ("JPEG", "PNG", "WEBP")  # phones' many-picture JPEGs (MPO) are opened as JPEG
_HIDDEN: Final = re.compile(rb"<script|<html|<svg|<\?php|<iframe", re.IGNORECASE)
_MARKUP: Final = re.compile(rb"^(?:\xef\xbb\xbf)?\s*<", re.DOTALL)
_ZIP_END: Final = b"PK\x05\x06"
_HEIC: Final = re.compile(rb"^.{4}ftyp(?:heic|heix|hevc|mif1|msf1|avif)", re.DOTALL)
_BROKEN: Final = (
    OSError, SyntaxError, ValueError, TypeError, IndexError, KeyError, EOFError, OverflowError, struct.error,
    zlib.error, MemoryError, Image.DecompressionBombError, Image.DecompressionBombWarning,
)  # fmt: skip

# Once for the process: a filter set per call would race between threads.
warnings.filterwarnings("error", category=Image.DecompressionBombWarning)


@dataclass(frozen=True)
class Rendition:
    """One file to keep: its bytes, the suffix that tells its type, its size in pixels."""

    content: bytes
    suffix: str
    width: int
    height: int


@dataclass(frozen=True)
class Picture:
    """An upload drawn anew: as large as pages need it, cut square (160 and 480) and 3:2 (960×640), and its colour."""

    full: Rendition
    small: Rendition
    square: Rendition
    wide: Rendition
    colour: str


@dataclass(frozen=True)
class Document:
    """A document to keep: a JPEG drawn anew, or a PDF as it came, which is only ever served as an attachment."""

    content: bytes
    suffix: str

    @property
    def is_attachment(self) -> bool:
        """Whether a browser must not show it in the page."""
        return self.suffix == "pdf"


def read_upload(stream: BinaryIO, *, most: int = MOST_BYTES, field: str | None = None) -> bytes:
    """The bytes of an upload. Refuses more than `most` after reading one byte too many, and nothing at all."""
    content = stream.read(most + 1)
    if len(content) > most:
        raise Refusal(say("文件太大，最多 %(most)s MB。", most=most // (1024 * 1024)), field=field)
    if not content:
        raise Refusal(say("文件是空的，请重新选择。"), field=field)
    return content


def read_picture(content: bytes, *, field: str | None = None) -> Picture:
    """A picture for shops and goods, as WebP in four sizes. Refuses everything that is not one still picture."""
    drawn = _guarded(content, FULL_SIDE, field)
    return Picture(
        full=_webp(drawn),
        small=_webp(_cut(drawn, SQUARES[0], SQUARES[0])),
        square=_webp(_cut(drawn, SQUARES[1], SQUARES[1])),
        wide=_webp(_cut(drawn, *WIDE)),
        colour=_main_colour(drawn),
    )


def read_document(content: bytes, *, field: str | None = None) -> Document:
    """A licence or a form: a picture as JPEG drawn anew, or a PDF. Refuses everything else."""
    if content[:5] == b"%PDF-":
        if b"%%EOF" not in content[-1024:] or _ZIP_END in content[-65_558:]:
            raise Refusal(say("这个 PDF 不完整，请重新导出后再上传。"), field=field)
        return Document(content, "pdf")
    with io.BytesIO() as file:
        _guarded(content, DOCUMENT_SIDE, field).save(file, "JPEG", quality=88, optimize=True)
        return Document(file.getvalue(), "jpg")


def _guarded(content: bytes, side: int, field: str | None) -> Image.Image:
    """The picture in plain sRGB, upright, no longer than `side`; or the refusal that fits."""
    if sentence := _suspicion(content):
        raise Refusal(sentence, field=field)
    try:
        with Image.open(io.BytesIO(content), formats=_FORMATS) as opened:
            if sentence := _size_problem(opened):
                raise Refusal(sentence, field=field)
            return _redraw(opened, side)
    except _BROKEN as broken:
        raise Refusal(say("图片打不开，可能已损坏。请换一张 JPG、PNG 或 WebP 图片。"), field=field) from broken


def _suspicion(content: bytes) -> Text | None:
    """What can be told from the bytes alone, before any decoder sees them."""
    if _MARKUP.match(content[:64]):
        return say("不能上传网页或 SVG 文件。请换一张 JPG、PNG 或 WebP 图片。")
    if _HEIC.match(content[:16]):
        return say("还不支持 HEIC 图片。请在手机相册里转成 JPG 再上传。")
    if b"%PDF-" in content[:1024] or _HIDDEN.search(content) or _ZIP_END in content[-65_558:]:
        return say("图片里藏着别的内容，不能上传。请截图后再上传。")
    return None


def _size_problem(opened: Image.Image) -> Text | None:
    """What can be told from the header, before a pixel is decoded."""
    width, height = opened.size
    if width * height > MOST_PIXELS or max(width, height) > MOST_SIDE:
        return say("图片太大（%(width)s×%(height)s），最多 2500 万像素。", width=width, height=height)
    if opened.format != "MPO" and getattr(opened, "n_frames", 1) > 1:
        return say("不支持动图，请换一张静态图片。")
    return None


def _redraw(opened: Image.Image, side: int) -> Image.Image:
    if opened.mode in {"RGB", "RGBA", "L", "LA", "CMYK"}:  # smaller first: the rest then needs little memory
        opened.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=3)
    plain = _to_srgb(ImageOps.exif_transpose(opened))
    plain.thumbnail((side, side), Image.Resampling.LANCZOS)
    flat = Image.new("RGB", plain.size, "white")
    flat.paste(plain, mask=plain.getchannel("A") if plain.mode == "RGBA" else None)
    return flat


def _to_srgb(image: Image.Image) -> Image.Image:
    """RGB or RGBA; phones' wide colours are brought home, an unreadable colour profile is ignored."""
    profile = image.info.get("icc_profile")
    see_through = image.mode in {"LA", "PA", "RGBA"} or "transparency" in image.info
    plain = image.convert("RGBA" if see_through else "RGB")
    if not profile or image.mode not in {"RGB", "RGBA"}:
        return plain
    try:
        brought = ImageCms.profileToProfile(
            plain, ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB")
        )
    except (ImageCms.PyCMSError, OSError, ValueError):
        return plain
    return brought or plain


def _cut(image: Image.Image, width: int, height: int) -> Image.Image:
    """The middle in that shape, never larger than the picture allows."""
    scale = min(1.0, image.width / width, image.height / height)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return ImageOps.fit(image, size, Image.Resampling.LANCZOS)


def _webp(image: Image.Image) -> Rendition:
    with io.BytesIO() as file:
        image.save(file, "WEBP", quality=82, method=4)
        return Rendition(file.getvalue(), "webp", image.width, image.height)


def _main_colour(image: Image.Image) -> str:
    """The commonest of a few colours, as `#rrggbb`: the placeholder until the picture is there."""
    few = image.resize((48, 48)).quantize(5).convert("RGB")
    counted = few.getcolors(48 * 48) or []
    _, colour = max((count, few_colour) for count, few_colour in counted if isinstance(few_colour, tuple))
    return "#{:02x}{:02x}{:02x}".format(*colour)
