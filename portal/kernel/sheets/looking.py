"""What kind of file it is, and whether it may be read at all: decided from its bytes before anything parses it."""

from __future__ import annotations

import codecs
import gzip
import re
import zipfile
import zlib
from dataclasses import dataclass
from typing import IO, Final, Literal

from portal.kernel.refusals import Refusal
from portal.kernel.words import Text, say

HEAD: Final = 64 * 1024
MOST_PACKED: Final = 8 * 2**20
MOST_UNPACKED: Final = 80 * 2**20
MOST_PLAIN: Final = 64 * 2**20
MOST_MEMBERS: Final = 2000
_ZIP, _GZIP = b"PK\x03\x04", b"\x1f\x8b"
_SIGNS: Final = (
    (
        b"\xd0\xcf\x11\xe0",
        say("这是旧的 Excel 文件（xls）或加了密码。请另存为不带密码的 xlsx 或 CSV。"),
    ),
    (b"%PDF", say("这是 PDF 文件，不是表格。请导入 xlsx 或 CSV。")),
    (b"PK\x05\x06", say("这个压缩文件是空的。请重新从表格软件里保存一次。")),
)
_MARKUP: Final = re.compile(rb"\s*<(?:!doctype|html|table|\?xml|head|body|script)", re.IGNORECASE)
_DELIMITERS: Final = (",", "\t", ";")
_DECLARED: Final = re.compile(rb"<!(?:DOCTYPE|ENTITY)|<\0!\0[DE]\0|\0<\0!\0[DE]", re.IGNORECASE)
_BROKEN: Final = say("这个 xlsx 打不开，可能没有传完整或已经损坏。请重新保存一次再上传。")


class NotASheet(Refusal):
    """The file cannot be read as a list; the sentence says what it is and what to do."""

    def __init__(self, sentence: Text) -> None:
        super().__init__(sentence, field="file")


@dataclass(frozen=True)
class Looked:
    """What was found out: `encoding` and `delimiter` are of texts."""

    kind: Literal["csv", "xlsx"]
    encoding: str = ""
    delimiter: str = ""
    packed: bool = False


def look(file: IO[bytes], *, most: int | None = MOST_PLAIN) -> Looked:
    """What this file is, read from its beginning; it stands at its beginning afterwards. `most` bytes of a text.

    Raises NotASheet.
    """
    size = file.seek(0, 2)
    file.seek(0)
    head = file.read(HEAD)
    file.seek(0)
    if not head.strip():
        raise NotASheet(say("文件是空的。"))
    for sign, sentence in _SIGNS:
        if head.startswith(sign):
            raise NotASheet(sentence)
    if head.startswith(_ZIP):
        _check_book(file, size)
        return Looked("xlsx")
    if most is not None and size > most:
        raise NotASheet(say("文件太大，CSV 最多 %(most)s MB。请拆成几个文件。", most=most // 2**20))
    packed = head.startswith(_GZIP)
    if packed:
        head = _unpacked(file)
    if _MARKUP.match(head.removeprefix(codecs.BOM_UTF8)):
        raise NotASheet(say("这是网页，只是改了名字。请在表格软件里打开后另存为 xlsx 或 CSV。"))
    encoding = _encoding(file, head, packed=packed)
    return Looked("csv", encoding, _delimiter(head, encoding), packed)


def _unpacked(file: IO[bytes]) -> bytes:
    try:
        head = gzip.GzipFile(fileobj=file).read(HEAD)
    except (OSError, EOFError, zlib.error) as wrong:
        raise NotASheet(say("压缩包打不开，文件可能不完整。")) from wrong
    file.seek(0)
    if not head.strip():
        raise NotASheet(say("文件是空的。"))
    return head


def _encoding(file: IO[bytes], head: bytes, *, packed: bool) -> str:
    """UTF-8 (with or without mark), UTF-16 with its mark, else GBK; settled by the first part that is not ASCII."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if b"\0" in head:
        raise NotASheet(say("这不是文本文件。请导入 xlsx 或 CSV。"))
    part = head
    if part.isascii() and not packed:
        part = next((more for more in iter(lambda: file.read(2**20), b"") if not more.isascii()), b"")
        file.seek(0)
        part = part.lstrip(bytes(range(0x80, 0xC0)))[:HEAD] if part else part  # may begin in the middle of a sign
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            codecs.getincrementaldecoder(encoding)("strict").decode(part)
        except UnicodeDecodeError:
            continue
        return encoding
    raise NotASheet(say("看不懂文件的编码。请另存为“CSV UTF-8”再导入。"))


def _delimiter(head: bytes, encoding: str) -> str:
    first = codecs.getincrementaldecoder(encoding)("ignore").decode(head).partition("\n")[0]
    return max(_DELIMITERS, key=first.count)


def _check_book(file: IO[bytes], size: int) -> None:
    """Refuse what is too big packed or unpacked, brings programs or foreign files, or is broken."""
    if size > MOST_PACKED:
        most = MOST_PACKED // 2**20
        raise NotASheet(say("xlsx 文件最多 %(most)s MB。请拆成几个文件，或另存为 CSV。", most=most))
    try:
        with zipfile.ZipFile(file) as archive:
            _check_members(archive.infolist())
            for info in archive.infolist():
                _scan(archive, info)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError) as wrong:
        raise NotASheet(_BROKEN) from wrong
    file.seek(0)


def _check_members(infos: list[zipfile.ZipInfo]) -> None:
    names = {info.filename for info in infos}
    lower = {name.lower() for name in names}
    if len(infos) > MOST_MEMBERS or sum(info.file_size for info in infos) > MOST_UNPACKED:
        most = MOST_UNPACKED // 2**20
        raise NotASheet(say("表格解开后超过 %(most)s MB，不能读取。请删掉图片和空白行列，或另存为 CSV。", most=most))
    if len(names) != len(infos) or any(".." in name.split("/") or name[:1] == "/" or "\\" in name for name in names):
        raise NotASheet(say("压缩包里有不正常的文件名，不能读取。"))
    if "[content_types].xml" not in lower or "xl/workbook.xml" not in lower:
        raise NotASheet(say("这是压缩包，不是 xlsx 表格。请导入 xlsx 或 CSV。"))
    if any("vbaproject" in name for name in lower):
        raise NotASheet(say("表格里有宏，不能读取。请另存为不带宏的 xlsx。"))
    if any(name.startswith("xl/externallinks/") for name in lower):
        raise NotASheet(say("表格引用了别的文件，不能读取。请把内容粘贴为数值后再保存。"))


def _scan(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
    """Read a part once without keeping it: it must be whole, and declare no entities and no macros."""
    if not info.filename.lower().endswith((".xml", ".rels", ".vml")):
        return
    tail = b""
    with archive.open(info) as member:
        while part := member.read(2**20):
            if _DECLARED.search(tail + part):
                raise NotASheet(say("表格里有不允许的声明，不能读取。请在表格软件里重新另存为 xlsx。"))
            if info.filename == "[Content_Types].xml" and b"macroEnabled" in part:
                raise NotASheet(say("表格里有宏，不能读取。请另存为不带宏的 xlsx。"))
            tail = part[-16:]
