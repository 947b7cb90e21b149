"""Baidu Maps: geocoding v3 through geopy's own client, answers in BD-09, one place at most."""

from __future__ import annotations

from typing import Any

from geopy.geocoders import BaiduV3

from portal.adapters.maps.vendor import Answer, Vendor
from portal.kernel.geo import Datum


class BaiduGeocoder(Vendor):
    """Asks Baidu; geopy signs (`sn`) and reads the status codes."""

    datum = Datum.BD09
    base = "https://api.map.baidu.com"

    def connect(self, timeout: float) -> BaiduV3:
        """geopy's client for the third version."""
        return BaiduV3(self.key, security_key=self.secret or None, timeout=timeout, user_agent="portal")

    def ask(self, address: str, city: str | None) -> list[Answer]:
        """One request to `/geocoding/v3/`."""
        params = {"address": address, "output": "json", "ak": self.key} | ({"city": city} if city else {})
        path = self.client.api_path
        url = self.client._construct_url(f"{self.base}{path}", path, params)
        answers: list[Answer] = self.client._call_geocoder(url, lambda page: self._read(page, address))
        return answers

    def _read(self, page: Any, address: str) -> list[Answer]:
        if page["status"] != 0:
            if page["status"] == 1 and "无相关结果" in page.get("msg", page.get("message", "")):
                return []
            self.client._check_status(page["status"])
        place = page.get("result")
        if not place:
            return []
        label = f"{address}（{place['level']}）" if place.get("level") else address
        return [Answer(place["location"]["lat"], place["location"]["lng"], label, place["confidence"])]
