"""What the pages of bookings share: how times are said and sent, secret links and their texts, the code to show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from flask import url_for

from portal.domain.bookings.rules import links
from portal.domain.bookings.rules.links import Link
from portal.domain.bookings.values import HAPPENINGS, NEEDS, PREPAYS, STATES, TONES, BookingShown, Missed, Prepay, Terms
from portal.domain.vouchers.rules import codes
from portal.domain.vouchers.values import CodeKind, Scanned
from portal.kernel.figures import SHANGHAI, say_day, say_time, say_yuan
from portal.web import locale
from portal.web.drawings import Drawing, qr
from portal.web.locale import gettext, said
from portal.web.locale import lazy_gettext as _l
from portal.web.moneywords import shown_at
from portal.web.office import services

_FORMAT = "%Y%m%dT%H%MZ"
shown_at("booking", _l("预约"))
WORDS = {"states": STATES, "tones": TONES, "happenings": HAPPENINGS, "prepays": PREPAYS, "needs": NEEDS}


@lru_cache(maxsize=4096)
def sent(at: datetime) -> str:
    """A moment as a form sends it."""
    return at.astimezone(UTC).strftime(_FORMAT)


def received(text: str) -> datetime | None:
    """What `sent` wrote; None for anything else."""
    try:
        found = datetime.strptime(text, _FORMAT).replace(tzinfo=UTC) if len(text) <= 20 else None
    except ValueError:
        return None
    return found if found is not None and 2000 <= found.year < 2200 else None


def asked_day(text: str, today: date, most: int) -> date | None:
    """A day of an address, from today on; None for anything else."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if today <= day <= today + timedelta(days=most) else None


def day_words(day: date, today: date) -> str:
    """今天 · 7 月 5 日 周日."""
    words = say_day(day, locale.current(), today=today)
    near = {0: gettext("今天"), 1: gettext("明天"), 2: gettext("后天")}.get((day - today).days)
    return f"{near} · {words}" if near else words


def clock(at: datetime) -> str:
    """14:30."""
    return say_time(at, locale.current())


def span(visit: BookingShown) -> str:
    """7 月 5 日 周日 16:00–17:30; what ends after midnight says so."""
    day = visit.starts_at.astimezone(SHANGHAI).date()
    spoken = locale.current()
    return f"{say_day(day, spoken)} {say_time(visit.starts_at, spoken)}–{say_time(visit.ends_at, spoken, day=day)}"


def length(minutes: int) -> str:
    """60 分钟."""
    return gettext("%(minutes)s 分钟", minutes=minutes)


def before(minutes: int) -> str:
    """2 小时, 90 分钟, 3 天: how long before."""
    if minutes % 1440 == 0 and minutes:
        return gettext("%(days)s 天", days=minutes // 1440)
    if minutes % 60 == 0 and minutes:
        return gettext("%(hours)s 小时", hours=minutes // 60)
    return length(minutes)


def rule_words(prepay: Prepay, prepay_fen: int, cancel_minutes: int, missed: Missed) -> str:
    """What is paid in advance and what becomes of it, in a sentence."""
    when = before(cancel_minutes)
    late = {
        Missed.KEEP: gettext("之后取消或爽约不退"),
        Missed.RETURN: gettext("之后取消或爽约也退"),
    }[missed]
    if prepay is Prepay.NONE:
        return gettext("不用预付，到店付。来不了请提前取消。")
    amount = say_yuan(prepay_fen).removesuffix(".00")
    what = said(PREPAYS[prepay])
    return gettext(
        "%(what)s %(amount)s；提前 %(when)s 可免费取消，%(late)s。", what=what, amount=amount, when=when, late=late
    )


def terms_words(terms: Terms) -> str:
    """The same for a whole visit, its passes included."""
    words = _money_words(terms)
    if not terms.keep_uses:
        return words
    return words + gettext("次卡付的，之后取消或爽约也扣 %(count)s 次。", count=terms.keep_uses)


def _money_words(terms: Terms) -> str:
    if not terms.price_fen:
        return gettext("不用再付钱。提前 %(when)s 可改可取消。", when=before(terms.cancel_minutes))
    if not terms.prepay_fen:
        return gettext("不用预付，到店付。提前 %(when)s 可改可取消。", when=before(terms.cancel_minutes))
    keep = say_yuan(terms.keep_fen).removesuffix(".00")
    if not terms.keep_fen:
        return gettext("提前 %(when)s 可免费改期或取消；之后取消或爽约也全退。", when=before(terms.cancel_minutes))
    return gettext(
        "提前 %(when)s 可免费改期或取消；之后取消或爽约，其中 %(keep)s 不退。",
        when=before(terms.cancel_minutes),
        keep=keep,
    )


def _key(purpose: str) -> bytes:
    return links.key_for(services().settings.secret_key, purpose)


def link_of(visit: BookingShown) -> str:
    """The text of a visit's secret link."""
    return links.write(Link(visit.id, visit.link_version), _key("visit"))


def read_link(text: str) -> Link | None:
    """What a text says that was signed by us."""
    return links.read(text, _key("visit"))


def feed_of(link: Link) -> str:
    """The text of a feed's address."""
    return links.write(link, _key("feed"))


def read_feed(text: str) -> Link | None:
    """What a feed's address says."""
    return links.read(text, _key("feed"))


def public(path: str) -> str:
    """A whole address, for texts that leave the portal."""
    return (services().settings.public_url or "http://127.0.0.1:8000") + path


def secret_url(visit: BookingShown) -> str:
    """The whole secret address of a visit."""
    return public(url_for("shop.visits_show", visit=link_of(visit)))


def shown_code(visit: BookingShown) -> Drawing:
    """The QR code that the counter reads."""
    key = codes.signing_key(services().settings.secret_key)
    return qr(codes.write(Scanned(visit.merchant_id, visit.secret, CodeKind.BOOKING), key))


def strip(found: Mapping[date, Sequence[datetime]], first: date, today: date, url: Any) -> list[tuple[str, str, bool]]:
    """The days as chips: words, address, whether it is the first that is shown."""
    return [(_chip(day, today, bool(times)), url(day), day == first) for day, times in found.items()]


def _chip(day: date, today: date, free: bool) -> str:
    near = {0: gettext("今天"), 1: gettext("明天"), 2: gettext("后天")}.get((day - today).days)
    spoken = locale.current()
    words = near or say_day(day, spoken).split()[-1 if spoken == "zh" else 0]
    return f"{words} {day.month}/{day.day}" + ("" if free else " " + gettext("满"))


def ids_in(values: Sequence[str]) -> list[UUID]:
    """Ids of an address or a form, each once; anything else is passed over."""
    found: list[UUID] = []
    for value in values[:20]:
        try:
            one = UUID(value)
        except ValueError:
            continue
        if one not in found:
            found.append(one)
    return found
