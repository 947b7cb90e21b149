"""AMap (高德): web service geocoding v3, answers in GCJ-02 as `lng,lat`, empty fields as `[]`."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Final

from portal.adapters.maps.vendor import Answer, Vendor, refuse
from portal.kernel.geo import Datum

_QUOTA: Final = frozenset({10003, 10004, 10014, 10015, 10019, 10020, 10021, 10029, 10044, 10045})
_DENIED: Final = frozenset({10001, 10002, 10005, 10006, 10007, 10008, 10009, 10010, 10011, 10012, 10013, 10026})
_NO_ANSWER: Final = frozenset({30001})  # the engine's word for an address it does not know
_CONFIDENCE: Final = {
    "门牌号": 95, "单元号": 95, "兴趣点": 90, "热点商圈": 70, "道路交叉路口": 80, "公交站台、地铁站": 80, "村庄": 60,
    "道路": 60, "住宅区": 70, "开发区": 50, "乡镇": 40, "区县": 20, "市": 10, "省": 5, "国家": 0,
}  # fmt: skip


class AMapGeocoder(Vendor):
    """Asks AMap."""

    datum = Datum.GCJ02
    base = "https://restapi.amap.com"

    def ask(self, address: str, city: str | None) -> list[Answer]:
        """One request to `/v3/geocode/geo`."""
        params = {"key": self.key, "address": address, "output": "JSON"} | ({"city": city} if city else {})
        if self.secret:
            params["sig"] = sign(params, self.secret)
        return self.fetch("/v3/geocode/geo", params, _read)


def sign(params: Mapping[str, str], secret: str) -> str:
    """md5 over the sorted, unescaped `k=v&k=v` and the private key."""
    text = "&".join(f"{name}={params[name]}" for name in sorted(params))
    return hashlib.md5(f"{text}{secret}".encode(), usedforsecurity=False).hexdigest()


def _read(page: Any) -> list[Answer]:
    if str(page["status"]) != "1":
        code = int(page["infocode"])
        if code in _NO_ANSWER:
            return []
        refuse(code, quota=_QUOTA, denied=_DENIED)
    return [_answer(place) for place in page["geocodes"] if place["location"]]


def _answer(place: Any) -> Answer:
    lng, lat = place["location"].split(",")
    return Answer(float(lat), float(lng), place["formatted_address"] or "", _CONFIDENCE.get(place["level"] or "", 50))
