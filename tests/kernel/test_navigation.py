"""Every map is opened at the same door, in its own figures."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from portal.kernel.geo import Datum, Position, distance_metres, from_datum
from portal.kernel.navigation import navigation_links

SHIPAI = Position(23.0870, 113.9200)
NAME = "老梁米粉, 石排|总店 & Co."


def opened(position):
    return {link.app: parse_qs(urlsplit(link.url).query) for link in navigation_links(position, NAME, "东莞市")}


def test_each_map_gets_its_own_datum_and_order():
    links = opened(SHIPAI)
    gcj_lng, gcj_lat, amap_name = links["amap"]["to"][0].split(",")
    lat_lng = {
        "amap": ((gcj_lat, gcj_lng), Datum.GCJ02),
        "baidu": (links["baidu"]["location"][0].split(","), Datum.BD09),
        "tencent": (links["tencent"]["tocoord"][0].split(","), Datum.GCJ02),
        "apple": (links["apple"]["daddr"][0].split(","), Datum.GCJ02),
        "google": (links["google"]["destination"][0].split(","), Datum.WGS84),
    }
    for (lat, lng), datum in lat_lng.values():
        assert distance_metres(from_datum(float(lat), float(lng), datum), SHIPAI) < 1
    assert links["amap"]["coordinate"] == ["gaode"]
    assert links["baidu"]["coord_type"] == ["bd09ll"]
    assert amap_name == "老梁米粉 石排 总店 & Co."
    assert links["tencent"]["to"] == [amap_name]


def test_outside_the_mainland_all_maps_agree():
    singapore = Position(1.2827575, 103.8576735)
    links = opened(singapore)
    assert links["amap"]["to"][0].startswith("103.857674,1.282757,") or links["amap"]["to"][0].startswith("103.857673")
    assert links["google"]["destination"] == links["tencent"]["tocoord"] == links["baidu"]["location"]


def test_links_are_https_in_a_fixed_order_and_labelled():
    links = navigation_links(SHIPAI, "")
    assert [link.app for link in links] == ["amap", "baidu", "tencent", "apple", "google"]
    assert all(link.url.startswith("https://") and str(link.label) for link in links)
    assert " " not in "".join(link.url for link in links)
