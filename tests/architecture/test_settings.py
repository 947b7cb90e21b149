"""Every setting is told to the operator, and every setting told exists."""

from __future__ import annotations

import ast
import re

from portal.settings import ROOT

DOCUMENT = ROOT / "docs" / "operate.md"
VARIABLE = re.compile(r"^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$")
OF_OTHERS = {"PORT", "HOST", "OWNER_DATABASE_URL"}


def read_by_settings() -> set[str]:
    """The names that `load_settings` and its helpers look up in the environment."""
    tree = ast.parse((ROOT / "portal" / "settings.py").read_text("utf-8"))
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and any(isinstance(one, ast.Name) and one.id == "env" for one in ast.walk(node)):
            constants = (one.value for one in node.args if isinstance(one, ast.Constant))
            names |= {one for one in constants if isinstance(one, str) and VARIABLE.match(one) and len(one) > 3}
    return names


def test_settings_are_found() -> None:
    assert {"DATABASE_URL", "SECRET_KEY", "PORTAL_MODE", "UPLOAD_LIMIT_MB"} <= read_by_settings()


def test_every_setting_is_documented() -> None:
    text = DOCUMENT.read_text("utf-8")
    missing = [name for name in sorted(read_by_settings()) if f"`{name}`" not in text]
    assert not missing, f"tell the operator in docs/operate.md: {missing}"


def test_every_documented_setting_exists() -> None:
    told = set(re.findall(r"^\|\s*`([A-Z][A-Z0-9_]{3,})`", DOCUMENT.read_text("utf-8"), re.MULTILINE))
    assert told - read_by_settings() - OF_OTHERS == set()
