"""What a first visit carries: all CSS and JS a page asks for, packed. Files loaded on tap do not count."""

from __future__ import annotations

import http.client

from bs4 import BeautifulSoup


def first_visit_kb(port: int, path: str, cookie: str = "") -> tuple[float, list[str]]:
    """Kilobytes of style sheets and scripts of a page, and their names with sizes, heaviest first."""
    page, _size = fetch(port, path, cookie)
    soup = BeautifulSoup(page, "lxml")
    tags = soup.select("link[rel=stylesheet][href], link[rel=modulepreload][href], script[src]")
    files = dict.fromkeys(str(tag.get("href") or tag.get("src")) for tag in tags)
    sizes = {name: fetch(port, name, cookie)[1] for name in files}
    heaviest = sorted(sizes, key=lambda name: -sizes[name])
    return sum(sizes.values()) / 1000, [f"{name.rpartition('/')[2]} {sizes[name] / 1000:.1f}" for name in heaviest]


def fetch(port: int, path: str, cookie: str = "") -> tuple[bytes, int]:
    """A body and how many bytes travelled. Pages come unpacked, files packed when the server packs them."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Cookie": cookie} if cookie else {}
    if path.startswith("/static/"):
        headers["Accept-Encoding"] = "gzip"
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != 200:
        raise RuntimeError(f"{path}: {answer.status}")
    return body, len(body)
