"""One contract for every geocoder: places in WGS-84 or one of the port's troubles, never anything else."""

from __future__ import annotations

import json

import pytest

from portal.adapters.maps import make_geocoder
from portal.adapters.maps.amap import AMapGeocoder
from portal.adapters.maps.amap import sign as amap_sign
from portal.adapters.maps.baidu import BaiduGeocoder
from portal.adapters.maps.sandbox import SandboxGeocoder
from portal.adapters.maps.tencent import TencentGeocoder
from portal.domain.stores.ports import (
    GeocoderDenied,
    GeocoderGarbled,
    GeocoderOverQuota,
    GeocoderSilent,
    GeocoderTrouble,
)
from portal.kernel.geo import Position, distance_metres
from tests.adapters.maps.vendors import KEY, KNOWN, SECRET, Vendors
from tests.kernel.real import FOLDER

VENDORS = [AMapGeocoder, BaiduGeocoder, TencentGeocoder]
THERE = Position(23.0870, 113.9200)


@pytest.fixture
def vendors(monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    box = Vendors()
    yield box
    box.close()


def make(kind, vendors, timeout=2.0):
    return SandboxGeocoder() if kind is SandboxGeocoder else kind(KEY, SECRET, base=vendors.base, timeout=timeout)


@pytest.mark.parametrize("kind", [SandboxGeocoder, *VENDORS])
def test_an_address_becomes_places_in_wgs84(kind, vendors):
    geocoder = make(kind, vendors)
    for city in ("东莞市", None):
        found = geocoder.geocode(KNOWN, city)
        assert distance_metres(found[0].position, THERE) < (5 if kind in VENDORS else 1000)
        assert "石排" in found[0].label
        assert 0 < found[0].confidence <= 100
        assert found == sorted(found, key=lambda candidate: -candidate.confidence)
    assert geocoder.geocode(KNOWN, "东莞市") == geocoder.geocode(f"  {KNOWN} ", "东莞市")
    assert geocoder.geocode("亚特兰蒂斯大街1号") == []
    assert geocoder.geocode(" \n") == []
    assert isinstance(geocoder.geocode("😀&sig=1;'\"%00" + "长" * 5000), list)


@pytest.mark.parametrize("kind", VENDORS)
@pytest.mark.parametrize(
    ("mode", "trouble"),
    [
        ("silent", GeocoderSilent),
        ("http 500", GeocoderSilent),
        ("http 503", GeocoderSilent),
        ("http 429", GeocoderOverQuota),
        ("quota", GeocoderOverQuota),
        ("denied", GeocoderDenied),
        ("http 403", GeocoderDenied),
        ("html", GeocoderGarbled),
        ("nothing", GeocoderGarbled),
        ("a number", GeocoderGarbled),
        ("a list", GeocoderGarbled),
        ("other words", GeocoderGarbled),
        ("half", GeocoderGarbled),
        ("deep", GeocoderGarbled),
        ("not utf-8", GeocoderGarbled),
        ("off the map", GeocoderGarbled),
        ("cut off", GeocoderTrouble),
    ],
)
def test_every_failure_is_one_of_ours_and_reads_like_a_sentence(kind, mode, trouble, vendors):
    vendors.mode = mode
    with pytest.raises(trouble, match="地图") as raised:
        make(kind, vendors, timeout=0.3 if mode == "silent" else 2.0).geocode(KNOWN)
    assert raised.value.field == "address"
    assert SECRET not in str(raised.value)


@pytest.mark.parametrize("kind", VENDORS)
def test_nobody_at_home_is_silence(kind, vendors):
    geocoder = make(kind, vendors)
    vendors.close()
    with pytest.raises(GeocoderSilent):
        geocoder.geocode(KNOWN)


@pytest.mark.parametrize("kind", VENDORS)
def test_a_wrong_secret_is_denied_and_none_is_not_sent(kind, vendors):
    with pytest.raises(GeocoderDenied):
        kind(KEY, "wrong", base=vendors.base).geocode(KNOWN)
    with pytest.raises(GeocoderDenied):
        kind(KEY, base=vendors.base).geocode(KNOWN)
    assert not {"sig", "sn"} & vendors.asked[-1].keys()


def test_the_city_is_told_to_the_vendor(vendors):
    for kind, name in ((AMapGeocoder, "city"), (BaiduGeocoder, "city")):
        make(kind, vendors).geocode(KNOWN, "东莞市")
        assert vendors.asked[-1][name] == "东莞市"
    make(TencentGeocoder, vendors).geocode("石排大道12号", "东莞市")
    assert vendors.asked[-1]["address"] == "东莞市石排大道12号"


def test_geocoders_are_made_by_name():
    assert isinstance(make_geocoder("sandbox"), SandboxGeocoder)
    amap = make_geocoder("amap", "key:secret")
    assert isinstance(amap, AMapGeocoder)
    assert (amap.key, amap.secret, amap.base) == ("key", "secret", "https://restapi.amap.com")
    assert isinstance(make_geocoder("baidu", "key"), BaiduGeocoder)
    with pytest.raises(ValueError, match="needs a key"):
        make_geocoder("tencent")
    with pytest.raises(ValueError, match="atlantis"):
        make_geocoder("atlantis", "key")


def vector(name):
    """A published or agreed signature of the vendors' manuals."""
    path = FOLDER.parent / "protocols" / "vectors.json"
    if not path.exists():
        pytest.skip("vectors.json is absent beside the real data")
    return next(row for row in json.loads(path.read_text(encoding="utf-8")) if row["name"] == name)["expected"]


@pytest.mark.real_data
def test_the_vendors_own_signatures_are_reproduced():
    params = {"address": "北京市朝阳区阜通东大街6号", "output": "JSON", "key": "demo-key"}
    assert amap_sign(params, "private-key") == vector("amap.sig")
    baidu = BaiduGeocoder("yourak", "yoursk").client
    url = baidu._construct_url("", "/geocoder/v2/", {"address": "百度大厦", "output": "json", "ak": "yourak"})
    assert url.endswith(f"&sn={vector('baidu.sn')}")


def test_the_sandbox_tells_two_streets_apart_and_always_the_same():
    sandbox = SandboxGeocoder()
    one, other = sandbox.geocode("石排大道12号")[0], sandbox.geocode("石排大道14号")[0]
    assert one.position != other.position
    assert one == sandbox.geocode("石排大道12号", "东莞")[0]
    assert sandbox.geocode("石排大道12号", "深圳市") == []
    assert sandbox.geocode("石排镇")[0].confidence < one.confidence
