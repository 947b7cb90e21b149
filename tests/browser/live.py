"""A portal on loopback with a database of its own, and Chromium to look at it."""

from __future__ import annotations

import logging
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import segno
from flask import Flask
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from portal.settings import ROOT

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}
HERE = {"latitude": 23.0205, "longitude": 113.7518}
FRAMES, CAMERA = 30, (640, 480)
WATCH = """
window.__violations = [];
document.addEventListener('securitypolicyviolation', event =>
  window.__violations.push(event.violatedDirective + ' ' + event.blockedURI));
window.__shift = 0;
new PerformanceObserver(list => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.__shift += entry.value;
}).observe({type: 'layout-shift', buffered: true});
"""


def chromium_path() -> str:
    """Where Chromium is, or a skip that says what is missing."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        pytest.skip("no Chromium: nothing was looked at in a browser")
    return str(found)


def chinese_fonts() -> list[str]:
    """Font families that hold Chinese characters."""
    if shutil.which("fc-list") is None:
        return []
    done = subprocess.run(["fc-list", ":lang=zh", "family"], capture_output=True, text=True, check=False)
    return done.stdout.split("\n")


def launch(playwright: Playwright, camera: Path | None = None) -> Browser:
    """Chromium; with `camera` its fake camera shows that film."""
    args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage"]
    if camera is not None:
        args += ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
        args.append(f"--use-file-for-fake-video-capture={camera}")
    return playwright.chromium.launch(executable_path=chromium_path(), args=args)


def film(text: str, path: Path) -> Path:
    """A QR code before a grey wall, as the fake camera plays it: JPEGs one after the other."""
    code = segno.make_qr(text, error="m")
    raw = path.with_suffix(".png")
    code.save(raw, scale=8, border=4)
    picture = Image.new("RGB", CAMERA, (140, 140, 140))
    with Image.open(raw) as drawn:
        side = 360
        picture.paste(drawn.convert("RGB").resize((side, side)), ((CAMERA[0] - side) // 2, (CAMERA[1] - side) // 2))
    still = path.with_suffix(".jpg")
    picture.save(still, quality=92)
    path.write_bytes(still.read_bytes() * FRAMES)
    return path


@contextmanager
def driver() -> Iterator[Playwright]:
    """Playwright for one file of tests: a second one beside it would refuse to start, and so would asyncio."""
    chromium_path()
    if not any(chinese_fonts()):
        pytest.skip("no font with Chinese characters: nothing was looked at in a browser")
    with sync_playwright() as playwright:
        yield playwright


class Silent(WSGIRequestHandler):
    """Says nothing about each request."""

    def log_request(self, *_args: Any) -> None:
        """Nothing."""


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The application on a free port of loopback; yields its address."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Silent)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join(timeout=10)


@dataclass
class Watched:
    """A page whose complaints are kept."""

    page: Page
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", lambda said: self._said(said.type, said.text))
        self.page.on("pageerror", lambda error: self.complaints.append(f"error in a script: {error}"))
        self.page.on("response", lambda answer: self._answered(answer.status, answer.url))

    def _said(self, kind: str, text: str) -> None:
        if kind == "error" and "Failed to load resource" not in text:
            self.complaints.append(f"console: {text}")

    def _answered(self, status: int, url: str) -> None:
        if status >= 500:
            self.complaints.append(f"{status} at {url}")

    def faults(self) -> list[str]:
        """What was complained about since the last time, breaches of the content policy included."""
        found = self.complaints + [f"content policy: {one}" for one in self.page.evaluate("window.__violations || []")]
        self.complaints = []
        return found

    def sideways(self) -> int:
        """How many pixels the page is wider than the screen."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))

    def shift(self) -> float:
        """How much the page moved under the finger while loading."""
        return float(self.page.evaluate("window.__shift || 0"))

    def axe(self) -> list[str]:
        """Violations that axe finds, each with its first place."""
        if not AXE.exists():
            pytest.skip("axe-core is missing (make assets): accessibility was not looked at")
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found = self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [f"axe {one['id']}: {one['help']}: {one['nodes'][0]['html'][:160]}" for one in found["violations"]]


def context(browser: Browser, url: str, session: tuple[str, str] | None = None, **options: Any) -> BrowserContext:
    """A browser's window on `url`; `session` is the cookie (name, value) of somebody signed in."""
    settings: dict[str, Any] = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai", "viewport": PHONE, "base_url": url}
    made = browser.new_context(**{**settings, **options})
    made.add_init_script(WATCH)
    made.set_default_timeout(8_000)
    if session is not None:
        made.add_cookies([{"name": session[0], "value": session[1], "url": url}])
    return made
