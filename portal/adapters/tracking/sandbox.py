"""A pretend aggregator: a number's fate is settled by the number, what is known of it by the clock.

Most parcels arrive in two days; some are late, stuck, refused or never known. Like a real one it gives the history in
any order, begins hours after the parcel was handed over, and answers nothing to who does not know the phone's last
digits where the carrier wants them. Demo and test installations only.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Final

from portal.domain.shipping.ports import Report, Sought, Track, TrackerRefused, TrackerSilent
from portal.domain.shipping.rules.recognising import BY_CODE, OTHER
from portal.domain.shipping.values import ParcelState
from portal.kernel.clock import Clock

S = ParcelState
HOME: Final = "广东省"
HUBS: Final = ("东莞虎门转运中心", "广州转运中心", "武汉转运中心", "郑州转运中心", "杭州转运中心", "成都转运中心")
COURIERS: Final = ("刘师傅", "黄师傅", "邓师傅", "罗师傅")


class Fate(StrEnum):
    """What becomes of a number."""

    ARRIVES = "arrives"
    LATE = "late"
    STUCK = "stuck"  # an exception on the way, then it arrives
    REFUSED = "refused"  # the recipient does not take it; it goes back
    UNKNOWN = "unknown"  # nobody ever hears of it


_SHARES: Final = ((70, Fate.ARRIVES), (84, Fate.LATE), (93, Fate.STUCK), (97, Fate.REFUSED), (100, Fate.UNKNOWN))
Step = tuple[float, ParcelState, str, str]
"""Hours after it was handed over, what it means, the carrier's words, where."""


@dataclass(frozen=True)
class _Drawn:
    """What is drawn for a number, once for ever."""

    fate: Fate
    pace: float
    hub: int
    courier: str


def fate_of(number: str) -> Fate:
    """What becomes of this number."""
    return _draw(number).fate


def _draw(number: str) -> _Drawn:
    drawn = sha256(number.encode()).digest()
    share = int.from_bytes(drawn[:2], "big") % 100
    fate = next(fate for most, fate in _SHARES if share < most)
    pace = 0.8 + drawn[2] / 640 + (1.2 if fate is Fate.LATE else 0.0)
    return _Drawn(fate, pace, drawn[3], COURIERS[drawn[4] % len(COURIERS)])


class SandboxTracker:
    """The pretend aggregator as a Tracker. `out` makes it silent, for tests."""

    name = "sandbox"

    def __init__(self, clock: Clock, out: Callable[[], bool] = lambda: False) -> None:
        self.clock, self.out = clock, out

    def subscribe(self, sought: Sought) -> None:
        """Taken note of; it never calls by itself, as an aggregator whose push was not booked."""
        self._check(sought)

    def query(self, sought: Sought) -> Track | None:
        """What is known by now, in an order of its own."""
        self._check(sought)
        known = [
            Report(f"{at:02}", when, state, text, place)
            for at, (hours, state, text, place) in enumerate(_story(sought))
            if (when := _local(sought.sent_at, hours)) <= self.clock.now()
        ]
        if not known:
            return None
        return Track(tuple(sorted(known, key=lambda one: sha256((sought.number + one.source_id).encode()).digest())))

    def _check(self, sought: Sought) -> None:
        if self.out():
            raise TrackerSilent("out of service")
        carrier = BY_CODE.get(sought.carrier)
        if carrier is None or carrier.code == OTHER:
            raise TrackerRefused("701 carrier not supported")
        if carrier.tail and not (len(sought.phone_tail) == 4 and sought.phone_tail.isdigit()):
            raise TrackerRefused("408 phone needed")


def _local(sent_at: datetime, hours: float) -> datetime:
    return (sent_at + timedelta(hours=hours)).replace(microsecond=0)


def _story(sought: Sought) -> list[Step]:
    """Everything that will ever be said of this number."""
    drawn = _draw(sought.number)
    hub = HUBS[drawn.hub % (2 if HOME in sought.to else len(HUBS))]
    if drawn.fate is Fate.UNKNOWN:
        return []
    city = _city(sought.to)
    way: list[Step] = [
        (2.5, S.COLLECTED, "快件已揽收", "东莞市"),
        (6, S.MOVING, f"快件已发出，下一站 {hub}", "东莞市"),
        (15, S.MOVING, f"快件到达 {hub}", hub),
        (17, S.MOVING, f"快件已发出，下一站 {city}", hub),
        (30, S.MOVING, f"快件到达 {city}营业部", city),
    ]
    if drawn.fate is Fate.STUCK:
        way.append((32, S.TROUBLE, "快件暂时滞留：道路积水，恢复后优先派送", city))
    bring = f"快件正在派送，快递员{drawn.courier}，请保持电话畅通"
    way.append((43, S.DELIVERING, bring, city))
    if drawn.fate is Fate.REFUSED:
        way += [
            (47, S.TROUBLE, "派送不成功：收件人拒收", city),
            (52, S.MOVING, "快件正在退回寄件地", city),
            (90, S.RETURNED, "快件已退回，寄件人已签收", "东莞市"),
        ]
    else:
        way += [
            (45, S.MOVING, "（补扫）快件在营业部装车", city),
            (47, S.DELIVERED, "快件已签收，签收人：本人。感谢使用", city),
        ]
    return [(hours * drawn.pace, state, text, place) for hours, state, text, place in way]


def _city(to: tuple[str, ...]) -> str:
    named = [name for name in to[:2] if not name.endswith(("市辖区", "县级行政区划"))]
    return named[-1] if named else "目的地"
