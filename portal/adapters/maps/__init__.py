"""Geocoders behind the port of the stores: a sandbox and three vendors, chosen by name."""

from __future__ import annotations

from portal.adapters.maps.amap import AMapGeocoder
from portal.adapters.maps.baidu import BaiduGeocoder
from portal.adapters.maps.sandbox import SandboxGeocoder
from portal.adapters.maps.tencent import TencentGeocoder
from portal.domain.stores.ports import Geocoder

_VENDORS = {"amap": AMapGeocoder, "baidu": BaiduGeocoder, "tencent": TencentGeocoder}


def make_geocoder(name: str, key: str = "") -> Geocoder:
    """The geocoder of that name. `key` is the vendor's key, or `key:secret` where requests are signed.

    ValueError for a name that is not known or a vendor without a key.
    """
    if name == "sandbox":
        return SandboxGeocoder()
    if name not in _VENDORS:
        raise ValueError(f"no geocoder is called {name!r}: sandbox, {', '.join(_VENDORS)}")
    public, _, secret = key.partition(":")
    if not public:
        raise ValueError(f"the geocoder {name!r} needs a key")
    return _VENDORS[name](public, secret)
