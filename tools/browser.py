"""Sees to Chromium and a font with Chinese characters for the browser tests, or says loudly what is missing."""

from __future__ import annotations

import shutil
import subprocess

from tools.debian import install, is_debian_root
from tools.steps import say

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chromium() -> str | None:
    """The path of a Chromium, None when there is none."""
    return next(filter(None, map(shutil.which, CHROMIUM)), None)


def has_chinese_font() -> bool:
    """Whether fontconfig offers a font for Chinese."""
    if shutil.which("fc-list") is None:
        return False
    listed = subprocess.run(["fc-list", ":lang=zh", "family"], capture_output=True, text=True, check=False)
    return bool(listed.stdout.strip())


def ensure() -> None:
    """Installs what is missing where that is possible; elsewhere uses what exists."""
    wanted = [] if chromium() else ["chromium"]
    wanted += [] if has_chinese_font() else ["fontconfig", "fonts-noto-cjk"]
    if wanted and is_debian_root():
        install(f"Installing {' '.join(wanted)}", wanted)
    for name, there in (("Chromium", chromium()), ("A font with Chinese characters", has_chinese_font())):
        if not there:
            say(f"!!! {name} is missing: browser tests will be skipped. Install it and run again.")
