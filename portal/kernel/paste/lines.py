"""Taking a pasted line apart: labels, the phone, the name, then the address and its divisions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from portal.kernel import phones
from portal.kernel.paste.regions import Level, Region, Regions, find_start, follow
from portal.kernel.typed import half_width

MOST_TEXT: Final = 500

# Marks that stand for a label or the phone while the line is taken apart; they occur in no typed text.
_NAME, _PHONE, _ADDRESS, _POSTCODE, _GLUE = "\ue000", "\ue001", "\ue002", "\ue003", "\ue004"
_LABELS: Final = {
    _NAME: ("收货人姓名", "收件人姓名", "收货人", "收件人", "联系人", "姓名", "名字"),
    _PHONE: ("手机号码", "电话号码", "联系电话", "联系方式", "联系手机", "手机号", "手机", "电话"),
    _ADDRESS: ("收货地址", "收件地址", "详细地址", "所在地区", "所在地", "地址", "地区"),
    _POSTCODE: ("邮政编码", "邮编"),
}
_LABEL: Final = {
    mark: re.compile(rf"(?:{'|'.join(words)})\s*:|(?<![^\s,;|])(?:{'|'.join(words)})(?=[\s+0-9])")
    for mark, words in _LABELS.items()
}
_OURS: Final = re.compile(r"[\ue000-\uf8ff]")
_MOBILE: Final = re.compile(r"(?<![0-9])(?:(?:\+|00)?86[- ]?)?(1[3-9][0-9][- ]?[0-9]{4}[- ]?[0-9]{4})(?![0-9])")
_LANDLINE: Final = re.compile(r"(?<![0-9])(0[0-9]{2,3}[- ]?[0-9]{7,8})(?![0-9])")
_BREAKS: Final = re.compile(r"[\s,;|、]+")
_NOT_A_NAME: Final = re.compile(r"[0-9#号路街道巷弄村镇乡县市省区栋幢楼室层座苑园城店铺厦寓库站院门柜口侧旁]")
_NAME_SHAPE: Final = re.compile(r"[\u3400-\u9fff]{2,6}(?:·[\u3400-\u9fff]{1,8})*|[A-Za-z][A-Za-z.'\ue004-]{0,29}")
_SURNAMES: Final = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏窦章云苏潘葛奚范彭郎鲁韦马苗方俞任袁柳"
    "史唐费廉岑薛雷贺倪汤滕殷罗毕郝安常乐于傅齐康伍余顾孟黄穆萧肖尹姚邵汪祁毛狄米戴宋庞熊纪舒屈项祝董梁杜阮蓝闵季贾"
    "江童颜郭梅林钟徐邱丘骆高夏蔡田樊胡凌霍虞万柯卢莫房缪解应宗丁宣邓洪包诸左石崔吉龚程邢裴陆翁荀甄曲封储靳段富焦巴"
    "侯全班宁仇甘厉祖武符刘景詹束龙叶司黎薄白蒲卓蔺屠蒙池乔阳谭冉桑桂牛边扈燕尚农温庄晏柴瞿阎连艾容向古易廖庾欧简饶曾"
    "关查游竺权盖付涂冼区麦邝植岳帅缑亢"
)
_PLACE_ENDS: Final = "路街道巷弄村镇乡县市省区号楼座院门柜口店"
_LATIN: Final = re.compile(r"[A-Za-z][A-Za-z.'-]*")
_TITLES: Final = ("先生", "女士", "小姐")
_GLUED_NAME: Final = re.compile(rf"(?<=[0-9号室楼栋幢座层户铺房店元])([{_SURNAMES}][\u3400-\u9fff]{{1,2}})$")


@dataclass(frozen=True)
class Pasted:
    """What a pasted line holds. A field is None when the line does not say it; `missing` lists those."""

    name: str | None = None
    phone: str | None = None
    province: Region | None = None
    city: Region | None = None
    district: Region | None = None
    town: Region | None = None
    detail: str | None = None

    @property
    def missing(self) -> tuple[str, ...]:
        """The names of the fields that were not found, in the order of the form."""
        fields = ("name", "phone", "province", "city", "district", "town", "detail")
        return tuple(field for field in fields if getattr(self, field) is None)


def read_address(text: str, regions: Regions, *, demo: bool = False) -> Pasted:
    """Name, phone, divisions and detail out of one pasted line. Never refuses; never guesses between two places.

    `demo` lets the demo town's unissued numbers count as phones.
    """
    line = _OURS.sub("", half_width(text[:MOST_TEXT]).replace("。", " "))
    for mark, label in _LABEL.items():
        line = label.sub(f" {mark} ", line)
    line, phone = _take_phone(line, demo)
    name, parts = _labelled(_BREAKS.split(line))
    at, found, used = _anchor(parts, regions)
    if found is None:
        name, parts = _pick_name(name, parts, address=_likeliest(parts))
        return Pasted(name=name, phone=phone, detail=_join(parts))
    before, address = parts[:at], list(parts[at:])
    if used:  # a name stood glued before the province
        before, address[0] = [*before, address[0][:used]], address[0][used:]
    return replace(_divide(regions, found, name, before, address), phone=phone)


def _take_phone(line: str, demo: bool) -> tuple[str, str | None]:
    """The line with a mark where the number stood, and the number."""
    for pattern in (_MOBILE, _LANDLINE):
        for read in pattern.finditer(line):
            digits = re.sub(r"[- ]", "", read[1])
            if pattern is _LANDLINE or phones.is_mobile(digits, demo=demo):
                return f"{line[: read.start()]} {_PHONE} {line[read.end() :]}", digits
    return line, None


def _labelled(parts: Sequence[str]) -> tuple[str | None, list[str]]:
    """The name where a label says it, and the rest without labels and postcodes; the phone's mark stays."""
    name: str | None = None
    rest: list[str] = []
    label = ""
    for part in parts:
        if part in _LABELS:
            label = part
            rest += [_PHONE] if part == _PHONE else []
        elif label == _NAME and name is None and part:
            name, label = part, ""
        elif rest and _LATIN.fullmatch(part) and _LATIN.fullmatch(rest[-1].rpartition(_GLUE)[2]):
            rest[-1] += _GLUE + part  # Tom Lee is one name
        elif part and label != _POSTCODE and not re.fullmatch(r"[0-9]{6}", part):
            rest.append(part)
        elif part:
            label = ""
    return name, rest


def _anchor(parts: Sequence[str], regions: Regions) -> tuple[int, Region | None, int]:
    """Which part the address begins in, the division it begins with, and how many letters stand before it."""
    for at, part in enumerate(parts):
        if start := find_start(regions, part, 0):
            return at, start[0], 0
    for at, part in enumerate(parts):
        for skipped in range(2, min(5, len(part))):
            if part[0] in _SURNAMES and (start := find_start(regions, part, skipped)):
                return at, start[0], skipped
    return 0, None, 0


def _divide(regions: Regions, start: Region, name: str | None, before: list[str], address: list[str]) -> Pasted:
    """The divisions and the detail out of the parts from the address on; a name from what stands round it."""
    whole = " ".join(address)
    first = find_start(regions, whole, 0)
    found, ends = follow(regions, whole, start, first[1] if first else 0)
    chain = {region.level: region for region in regions.chain(_only_child(regions, found))}
    rest = _BREAKS.split(whole[ends:])
    name, parts = _pick_name(name, [*before, *rest], address=len(before))
    return Pasted(
        name=name,
        province=chain.get(Level.PROVINCE),
        city=chain.get(Level.CITY),
        district=chain.get(Level.DISTRICT),
        town=chain.get(Level.TOWN),
        detail=_join(parts),
    )


def _only_child(regions: Regions, found: Region) -> Region:
    """Dongguan has one district in the tables, of its own name: it is filled in, for it is no choice."""
    children = regions.children(found.code) if found.level is Level.CITY else []
    return children[0] if len(children) == 1 and regions.is_table_only(children[0]) else found


def _pick_name(name: str | None, parts: list[str], *, address: int) -> tuple[str | None, list[str]]:
    """The name and what is left: the part shaped like a name that stands nearest to the phone; else one glued on."""
    if name is None:
        phone = parts.index(_PHONE) if _PHONE in parts else len(parts)
        near = sorted((at for at in range(len(parts)) if at != address), key=lambda at: (abs(at - phone), at))
        shaped = [at for at in near if _looks_like_a_name(parts[at], beside_the_phone=abs(at - phone) == 1)]
        surnamed = [at for at in shaped if parts[at][0] in _SURNAMES or parts[at].endswith(_TITLES)]
        outside = [at for at in shaped if at in (0, len(parts) - 1) or abs(at - phone) == 1]  # not amid the address
        if choice := surnamed or (outside if len(shaped) == 1 else []):
            name = parts.pop(choice[0])
    left = [part for part in parts if part != _PHONE]
    if name is None and left and (glued := _GLUED_NAME.search(left[-1])) and not _NOT_A_NAME.search(glued[1][1:]):
        name, left[-1] = glued[1], left[-1][: glued.start()]
    return name.replace(_GLUE, " ") if name else None, left


def _looks_like_a_name(part: str, *, beside_the_phone: bool) -> bool:
    """By its letters; beside the phone 赵国栋 is a man, elsewhere 国栋 is a building."""
    if not _NAME_SHAPE.fullmatch(part):
        return False
    if beside_the_phone and part[0] in _SURNAMES and len(part) <= 3 and part[-1] not in _PLACE_ENDS:
        return True
    return not _NOT_A_NAME.search(part[1:])


def _likeliest(parts: Sequence[str]) -> int:
    """The part that is the address when no division was found: the longest with a figure in it, if there is one."""
    figured = [at for at, part in enumerate(parts) if re.search(r"[0-9]", part)]
    return max(figured, key=lambda at: len(parts[at]), default=-1)


def _join(parts: Sequence[str]) -> str | None:
    return " ".join(part for part in parts if part).replace(_GLUE, " ") or None
