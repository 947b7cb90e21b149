"""Uploads are drawn anew; what is not a still picture is refused with a sentence, before it can do harm."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from portal.kernel.pictures import read_document, read_picture, read_upload
from portal.kernel.refusals import Refusal


def drawn(kind="JPEG", size=(1200, 900), mode="RGB", colour="tomato", **more) -> bytes:
    file = io.BytesIO()
    Image.new(mode, size, colour).save(file, kind, **more)
    return file.getvalue()


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def png_bomb(width: int, height: int) -> bytes:
    """A PNG whose header promises that many pixels and whose body is small."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_becomes_webp_in_four_sizes(kind):
    picture = read_picture(drawn(kind, size=(2400, 1800)))
    sizes = [(r.width, r.height) for r in (picture.full, picture.small, picture.square, picture.wide)]
    assert sizes == [(1600, 1200), (160, 160), (480, 480), (960, 640)]
    for rendition in (picture.full, picture.small, picture.square, picture.wide):
        assert rendition.suffix == "webp"
        assert opened(rendition.content).format == "WEBP"
        assert opened(rendition.content).size == (rendition.width, rendition.height)
    red, green, blue = (int(picture.colour[at : at + 2], 16) for at in (1, 3, 5))
    assert max(abs(red - 255), abs(green - 99), abs(blue - 71)) < 8


def test_a_small_picture_is_never_blown_up():
    picture = read_picture(drawn(size=(100, 60)))
    assert (picture.full.width, picture.full.height) == (100, 60)
    assert (picture.square.width, picture.square.height) == (60, 60)
    assert (picture.wide.width, picture.wide.height) == (90, 60)
    assert read_picture(drawn(size=(1, 1))).small.width == 1


def test_place_and_camera_are_gone_and_the_picture_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # turned a quarter
    exif[0x010F] = "SpyCam"
    exif.get_ifd(0x8825)[1] = "N"
    full = read_picture(drawn(size=(400, 200), exif=exif, comment=b"secret")).full
    assert (full.width, full.height) == (200, 400)
    assert b"SpyCam" not in full.content
    assert b"secret" not in full.content
    assert not opened(full.content).getexif()


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "L", "1", "CMYK", "I;16"])
def test_every_mode_is_drawn(mode):
    kind = "JPEG" if mode == "CMYK" else "PNG"
    assert read_picture(drawn(kind, size=(64, 64), mode=mode, colour=0)).full.width == 64


def test_see_through_is_laid_on_white():
    assert read_picture(drawn("PNG", mode="RGBA", colour=(0, 0, 0, 0))).colour == "#ffffff"


def test_the_many_pictures_of_a_phone_give_the_first():
    file = io.BytesIO()
    first, second = Image.new("RGB", (60, 60), "red"), Image.new("RGB", (60, 60), "blue")
    first.save(file, "MPO", save_all=True, append_images=[second])
    assert read_picture(file.getvalue()).colour.startswith("#f")


def test_wide_colours_are_brought_home():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert b"ICC" not in read_picture(drawn(icc_profile=profile)).full.content
    assert read_picture(drawn(icc_profile=b"not a profile")).full.width == 1200


def animated(kind: str) -> bytes:
    file = io.BytesIO()
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue")]
    frames[0].save(file, kind, save_all=True, append_images=frames[1:])
    return file.getvalue()


def zipped() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("evil.html", "<script>alert(1)</script>" * 100, zipfile.ZIP_DEFLATED)
    return file.getvalue()


REFUSED = {
    "an SVG": (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "SVG"),
    "an SVG after a mark and spaces": (b"\xef\xbb\xbf \n<svg/>", "SVG"),
    "a page": (b"<!doctype html><title>hi</title>", "网页"),
    "a page behind a GIF's head": (b"GIF89a/*" + b"<script>alert(1)</script>", "藏着"),
    "a script in a comment": (drawn(comment=b"<SCRIPT>alert(1)</SCRIPT>"), "藏着"),
    "PHP behind a JPEG": (drawn() + b"<?php system($_GET[0]);", "藏着"),
    "an archive behind a PNG": (drawn("PNG") + zipped(), "藏着"),
    "a PDF inside a JPEG": (drawn()[:20] + b"%PDF-1.7" + drawn()[20:], "藏着"),
    "a GIF": (drawn("GIF"), "打不开"),
    "a BMP": (drawn("BMP"), "打不开"),
    "a TIFF": (drawn("TIFF"), "打不开"),
    "HEIC": (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "HEIC"),
    "moving WebP": (animated("WEBP"), "动图"),
    "moving PNG": (animated("PNG"), "动图"),
    "half a JPEG": (drawn(colour="red", size=(800, 800))[:2000], "打不开"),
    "half a PNG": (drawn("PNG", size=(800, 800))[:-40], "打不开"),
    "half a WebP": (drawn("WEBP", size=(800, 800))[:-20], "打不开"),
    "a 26 megapixel promise": (png_bomb(6500, 4001), "2500 万像素"),
    "a ribbon": (png_bomb(20_000, 10), "2500 万像素"),
    "a bomb": (png_bomb(100_000, 100_000), "打不开|2500 万像素"),
    "nothing but a head": (b"\xff\xd8\xff\xe0", "打不开"),
    "an unkept promise": (png_bomb(4000, 4000), "打不开"),
    "text": ("你好".encode(), "打不开"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_one_still_picture_is_refused(name):
    content, says = REFUSED[name]
    for read in (read_picture, read_document):
        with pytest.raises(Refusal, match=says) as refused:
            read(content, field="picture")
        assert refused.value.field == "picture"


def test_uploads_stop_at_the_limit():
    assert read_upload(io.BytesIO(b"x" * 10), most=10) == b"x" * 10
    with pytest.raises(Refusal, match="最多 1 MB"):
        read_upload(io.BytesIO(b"x" * (1024 * 1024 + 1)), most=1024 * 1024)
    with pytest.raises(Refusal, match="空的"):
        read_upload(io.BytesIO(b""))


def test_a_document_may_be_a_pdf_and_is_then_an_attachment():
    pdf = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
    kept = read_document(pdf)
    assert (kept.content, kept.suffix, kept.is_attachment) == (pdf, "pdf", True)
    scan = read_document(drawn("PNG", size=(3000, 2000)))
    assert (scan.suffix, scan.is_attachment) == ("jpg", False)
    assert opened(scan.content).size == (2400, 1600)
    with pytest.raises(Refusal, match="不完整"):
        read_document(pdf[:20])
    with pytest.raises(Refusal, match="不完整"):
        read_document(pdf + zipped())
    with pytest.raises(Refusal, match="藏着"):
        read_picture(b"\n" + pdf)


WHOLE = {"JPEG": drawn(size=(60, 40)), "PNG": drawn("PNG", size=(60, 40)), "WEBP": drawn("WEBP", size=(60, 40))}


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(WHOLE)), st.data())
def test_damaged_bytes_are_drawn_or_refused_and_never_crash(kind, data):
    content = bytearray(WHOLE[kind])
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with suppress(Refusal):
        assert read_picture(bytes(content)).full.content
