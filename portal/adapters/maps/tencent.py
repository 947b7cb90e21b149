"""Tencent Maps: web service geocoder v1, answers in GCJ-02, one place at most."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Final

from portal.adapters.maps.vendor import Answer, Vendor, refuse
from portal.kernel.geo import Datum

PATH: Final = "/ws/geocoder/v1/"
_QUOTA: Final = frozenset({120, 121, 123})
_DENIED: Final = frozenset({110, 111, 112, 113, 114, 122, 190, 199, 311})
_NO_ANSWER: Final = frozenset({347})


class TencentGeocoder(Vendor):
    """Asks Tencent."""

    datum = Datum.GCJ02
    base = "https://apis.map.qq.com"

    def ask(self, address: str, city: str | None) -> list[Answer]:
        """One request to `/ws/geocoder/v1/`; the city is said in front of the address."""
        whole = address if not city or city in address else f"{city}{address}"
        params = {"address": whole, "key": self.key, "output": "json"}
        if self.secret:
            params["sig"] = sign(PATH, params, self.secret)
        return self.fetch(PATH, params, lambda page: _read(page, whole))


def sign(path: str, params: Mapping[str, str], secret: str) -> str:
    """md5 over the path, the sorted, unescaped query and the secret key."""
    query = "&".join(f"{name}={params[name]}" for name in sorted(params))
    return hashlib.md5(f"{path}?{query}{secret}".encode(), usedforsecurity=False).hexdigest()


def _read(page: Any, address: str) -> list[Answer]:
    code = int(page["status"])
    if code in _NO_ANSWER:
        return []
    if code:
        refuse(code, quota=_QUOTA, denied=_DENIED)
    place = page["result"]
    label = place.get("title") or address
    return [Answer(place["location"]["lat"], place["location"]["lng"], label, 10 * int(place["reliability"]))]
