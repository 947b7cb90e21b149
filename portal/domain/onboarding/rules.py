"""What a licence number, a bank account and a whole application must be like; what differs between two; pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from portal.domain.onboarding.values import (
    FIELDS,
    MOVES,
    REQUIRED_DOCUMENTS,
    ApplicationState,
    Difference,
    DocumentKind,
    Particulars,
    Problem,
)
from portal.domain.tenants.values import Kind
from portal.kernel import phones
from portal.kernel.geo import Position
from portal.kernel.lines import clean_line
from portal.kernel.refusals import Conflict, Refusal
from portal.kernel.typed import half_width
from portal.kernel.words import say

_SIGNS: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100-2015: no I, O, S, V, Z
_LICENCE: Final = re.compile(rf"[{_SIGNS}]{{2}}[0-9]{{6}}[{_SIGNS}]{{10}}")
_BANK: Final = re.compile(r"[0-9]{8,30}")
_FILLING: Final = re.compile(r"[\s\-‐‑–—−]")
DEMO_REGION: Final = "990000"
DEMO_CARD: Final = "999999"
MOST: Final[Mapping[str, int]] = {
    "name": 30,
    "legal_name": 60,
    "licence_number": 40,
    "representative": 30,
    "contact_name": 30,
    "contact_phone": 30,
    "address": 120,
    "region_code": 12,
    "bank_holder": 60,
    "bank_name": 60,
}
"""The longest a field may be, in characters."""


def check_digit(licence: str) -> str:
    """The 18th sign of a unified social credit code, from its first 17 (GB 32100-2015)."""
    total = sum(_SIGNS.index(sign) * pow(3, place, 31) for place, sign in enumerate(licence[:17]))
    return _SIGNS[-total % 31]


def is_licence(number: str, *, demo: bool = False) -> bool:
    """Whether 18 signs are a unified social credit code; those of region 990000 are the demo town's."""
    if not _LICENCE.fullmatch(number) or check_digit(number) != number[17]:
        return False
    return demo or number[2:8] != DEMO_REGION


def is_bank_number(number: str, *, demo: bool = False) -> bool:
    """Whether digits may be a bank account; those that begin with 999999 are the demo town's."""
    return _BANK.fullmatch(number) is not None and (demo or not number.startswith(DEMO_CARD))


def tidy_number(text: str) -> str:
    """A licence or bank number without spaces and dashes, half width, capitals."""
    return _FILLING.sub("", half_width(text)).upper()


def tidy(particulars: Particulars) -> Particulars:
    """The same, every line clean, numbers in their stored form. Refuses what is too long or has hidden signs."""
    lines: dict[str, Any] = {
        name: clean_line(getattr(particulars, name), field=name, most=most, required=False)
        for name, most in MOST.items()
    }
    lines["licence_number"] = tidy_number(lines["licence_number"])
    lines["contact_phone"] = _phone(lines["contact_phone"])
    _check_place(particulars)
    return replace(particulars, **lines)


def _check_place(particulars: Particulars) -> None:
    if particulars.lat is None or particulars.lng is None:
        return
    try:
        Position(particulars.lat, particulars.lng)
    except Refusal as refusal:
        raise Refusal(refusal.sentence, field="lat") from refusal


def _phone(text: str) -> str:
    try:
        return phones.normalise_phone(text, demo=True, field=None)
    except Refusal:
        return text


def tidy_bank_number(text: str) -> str:
    """The digits, or as typed when there are other signs in it. Refuses more than forty."""
    return tidy_number(clean_line(text, field="bank_number", most=40, required=False))


def problems(
    kind: Kind, facts: Particulars, bank_number: str, documents: Collection[DocumentKind], *, demo: bool
) -> tuple[Problem, ...]:
    """Everything that stands between this application and its submission, in the order of the form."""
    found = [Problem(name, say("请填写这一项。")) for name in _required(kind) if not getattr(facts, name)]
    if facts.licence_number and not is_licence(facts.licence_number, demo=demo):
        found.append(Problem("licence_number", say("统一社会信用代码应为 18 位，请对照营业执照检查。")))
    if facts.contact_phone and not _is_phone(facts.contact_phone, demo=demo):
        found.append(Problem("contact_phone", say("这不是有效的电话。座机请带区号，例如 0769 2281 0000。")))
    if not bank_number:
        found.append(Problem("bank_number", say("请填写这一项。")))
    elif not is_bank_number(bank_number, demo=demo):
        found.append(Problem("bank_number", say("银行账号应为 8 到 30 位数字，请检查。")))
    missing = REQUIRED_DOCUMENTS[kind] - set(documents)
    found += [Problem(paper.value, say("请上传这份资料。")) for paper in DocumentKind if paper in missing]
    order = {name: place for place, name in enumerate((*FIELDS, "bank_number"))}
    return tuple(sorted(found, key=lambda problem: order.get(problem.field, len(order))))


def _required(kind: Kind) -> tuple[str, ...]:
    always = ("name", "legal_name", "licence_number", "representative", "contact_name", "contact_phone", "address")
    own = ("region_code",) if kind is Kind.REGION else ("category_id",)
    return (*always, *own, "bank_holder", "bank_name")


def _is_phone(digits: str, *, demo: bool) -> bool:
    try:
        return phones.normalise_phone(digits, demo=demo) == digits
    except Refusal:
        return False


def differences(old: Particulars, new: Particulars) -> tuple[Difference, ...]:
    """Every field side by side, changed or not; the bank number as its last four digits."""
    return tuple(Difference(name, getattr(old, name), getattr(new, name)) for name in FIELDS)


def check_move(old: ApplicationState, new: ApplicationState) -> None:
    """Refuse a change of state that does not exist."""
    if new not in MOVES[old]:
        raise Conflict(say("申请的状态已经变了，请刷新页面看最新进度。"))


def as_facts(particulars: Particulars) -> dict[str, Any]:
    """The particulars for a JSON column."""
    plain = {name: getattr(particulars, name) for name in FIELDS}
    return plain | {"category_id": str(particulars.category_id) if particulars.category_id else None}


def from_facts(facts: Mapping[str, Any]) -> Particulars:
    """The particulars out of a JSON column."""
    known = {name: facts[name] for name in FIELDS if name in facts}
    category = known.get("category_id")
    return Particulars(**{**known, "category_id": UUID(category) if category else None})
