"""Links that open a store in people's own map: each vendor's address, order of figures and datum.

Only addresses are made here; nothing is fetched and no key is needed.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from portal.kernel.geo import Datum, Position
from portal.kernel.words import Text, say


@dataclass(frozen=True)
class NavigationLink:
    """A map to choose: `app` for programs, `label` for people, and the address that opens it."""

    app: str
    label: Text
    url: str


def navigation_links(position: Position, name: str, city: str = "", *, source: str = "portal") -> list[NavigationLink]:
    """AMap, Baidu, Tencent, Apple and Google, in this order, all leading to `position`.

    Apple's tiles in China are drawn in GCJ-02, Google's links take WGS-84. `source` names us to the vendors.
    """
    lat, lng = _figures(position, Datum.GCJ02)
    plain = " ".join(name.replace(",", " ").replace("|", " ").split()) or "目的地"
    return [
        NavigationLink("amap", say("高德地图"), _amap(lat, lng, plain, source)),
        NavigationLink("baidu", say("百度地图"), _baidu(position, plain, city, source)),
        NavigationLink("tencent", say("腾讯地图"), _tencent(lat, lng, plain, source)),
        NavigationLink(
            "apple", say("苹果地图"), _url("https://maps.apple.com/", daddr=f"{lat},{lng}", q=plain, dirflg="d")
        ),
        NavigationLink("google", say("谷歌地图"), _google(position)),
    ]


def _amap(lat: str, lng: str, name: str, source: str) -> str:
    return _url(
        "https://uri.amap.com/navigation",
        to=f"{lng},{lat},{name}",
        mode="car",
        policy="1",
        src=source,
        coordinate="gaode",
        callnative="1",
    )


def _baidu(position: Position, name: str, city: str, source: str) -> str:
    """The place with its "go there" button: Baidu's route page wants a start that we do not know."""
    lat, lng = _figures(position, Datum.BD09)
    return _url(
        "https://api.map.baidu.com/marker",
        location=f"{lat},{lng}",
        title=name,
        content=f"{city}{name}",
        coord_type="bd09ll",
        output="html",
        src=source,
    )


def _tencent(lat: str, lng: str, name: str, source: str) -> str:
    return _url(
        "https://apis.map.qq.com/uri/v1/routeplan",
        type="drive",
        to=name,
        tocoord=f"{lat},{lng}",
        policy="0",
        referer=source,
    )


def _google(position: Position) -> str:
    lat, lng = _figures(position, Datum.WGS84)
    return _url("https://www.google.com/maps/dir/", api="1", destination=f"{lat},{lng}", travelmode="driving")


def _figures(position: Position, datum: Datum) -> tuple[str, str]:
    lat, lng = position.to(datum)
    return f"{lat:.6f}", f"{lng:.6f}"


def _url(base: str, **params: str) -> str:
    return f"{base}?{urlencode(params, safe=',:', quote_via=quote)}"
