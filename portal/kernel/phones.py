"""Chinese phone numbers: one stored form, one shown form, one masked form.

Stored is the plain national number: 11 digits for a mobile, area code and subscriber for a landline. The
ranges 154 and 194 are not issued; they are the demo town's and count as numbers in demo mode only.
"""

from __future__ import annotations

import re
from typing import Final

import phonenumbers
from phonenumbers import PhoneNumberType

from portal.kernel.refusals import Refusal
from portal.kernel.typed import half_width
from portal.kernel.words import say

_MOBILE: Final = re.compile(r"1[3-9][0-9]{9}")
_DEMO: Final = ("154", "194")
_FILLING: Final = re.compile(r"[\s().\-‐‑–—−]")
_MOBILE_TYPES: Final = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)
_SERVICE_TYPES: Final = (PhoneNumberType.FIXED_LINE, PhoneNumberType.SHARED_COST, PhoneNumberType.TOLL_FREE)


def normalise_mobile(text: str, *, demo: bool = False, field: str | None = "phone") -> str:
    """The 11 digits of a mainland mobile number, however it was typed (`+86 138-0013-8000`, full width).

    Refuses everything else; the unissued ranges 154 and 194 too, unless `demo`.
    """
    digits = _national(text)
    if not digits:
        raise Refusal(say("请填写手机号。"), field=field)
    if not is_mobile(digits, demo=demo):
        raise Refusal(say("这不是有效的手机号，请检查 11 位数字。"), field=field)
    return digits


def normalise_phone(text: str, *, demo: bool = False, field: str | None = "phone") -> str:
    """A shop's number in its stored form: a mobile, a landline with area code (0769…), a 400 or 800 number.

    Refuses everything else, extensions too.
    """
    digits = _national(text)
    if not digits:
        raise Refusal(say("请填写电话。"), field=field)
    if is_mobile(digits, demo=demo) or _is_service_line(digits):
        return digits
    raise Refusal(say("这不是有效的电话。座机请带区号，例如 0769 2281 0000。"), field=field)


def is_mobile(digits: str, *, demo: bool = False) -> bool:
    """Whether 11 plain digits are a mainland mobile number in an issued range (or of the demo town)."""
    if not _MOBILE.fullmatch(digits):
        return False
    if digits.startswith(_DEMO):
        return demo
    number = phonenumbers.parse(digits, "CN")
    return phonenumbers.is_valid_number(number) and phonenumbers.number_type(number) in _MOBILE_TYPES


def is_demo(digits: str) -> bool:
    """Whether a stored number is of the demo town, to which nothing real may ever be sent."""
    return digits.startswith(_DEMO) and _MOBILE.fullmatch(digits) is not None


def show(digits: str) -> str:
    """138 0013 8000, 0769 2281 0000, 400 820 8820; what is not understood is shown as it is."""
    if _MOBILE.fullmatch(digits):
        return f"{digits[:3]} {digits[3:7]} {digits[7:]}"
    if "*" in digits:  # masked: what is left of it is no number
        return digits
    try:
        number = phonenumbers.parse(digits, "CN")
    except phonenumbers.NumberParseException:
        return digits
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)


def mask(digits: str) -> str:
    """138****8000; a landline keeps its first and last digits, anything shorter than seven shows nothing."""
    if len(digits) < 7:
        return "*" * len(digits)
    return f"{digits[:3]}****{digits[-4:]}" if len(digits) >= 11 else f"{digits[:2]}****{digits[-2:]}"


def _national(text: str) -> str:
    """The digits without country code and filling; what cannot be a number comes back as it was."""
    digits = _FILLING.sub("", half_width(text)[:64])
    for prefix in ("+86", "0086"):
        digits = digits.removeprefix(prefix)
    return digits[2:] if len(digits) == 13 and digits.startswith("86") else digits


def _is_service_line(digits: str) -> bool:
    if not re.fullmatch(r"0[0-9]{9,11}|[48]00[0-9]{7}", digits):
        return False
    number = phonenumbers.parse(digits, "CN")
    return phonenumbers.is_valid_number(number) and phonenumbers.number_type(number) in _SERVICE_TYPES
