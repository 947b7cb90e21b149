"""Every setting of one installation, read once from the environment and validated before anything starts.

Nothing else in the portal reads `os.environ`. A wrong value is a `SettingsError` that names the variable and says
what to write.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
LOOPBACK = IPv4Network("127.0.0.0/8")
CLOSED = (LOOPBACK, *map(IPv4Network, ("0.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3")))


class SettingsError(ValueError):
    """A setting is missing or wrong; the message names the variable and the cure."""


@dataclass(frozen=True)
class Settings:
    """One installation. Paths are absolute, sizes in bytes, durations in seconds."""

    mode: str  # "demo" (embedded database, sandboxes, demo sign-ins), "test" or "production"
    database_url: str  # what web and worker connect with: a role that owns nothing
    secret_key: str
    former_secret_key: str  # still opens what it has sealed; empty when the key was never changed
    data_dir: Path  # uploads, embedded database, logs
    public_url: str  # how people reach us, without a slash at the end
    https: bool
    trusted_proxies: int
    tile_url: str | None  # map tiles for Leaflet; None draws a plain ground
    tile_attribution: str
    geocoder: str  # "sandbox", "amap", "baidu", "tencent"
    geocoder_key: str
    printer_networks: tuple[IPv4Network, ...]  # where merchants' network printers may be; none: there are none
    upload_limit_bytes: int
    session_idle_seconds: int
    session_absolute_seconds: int

    @property
    def is_demo(self) -> bool:
        """Demo mode accepts unissued demo phones and shows the development outbox."""
        return self.mode in ("demo", "test")

    @property
    def storage_dir(self) -> Path:
        """Where uploaded pictures and documents lie."""
        return self.data_dir / "storage"


def _whole(env: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    raw = env.get(name, str(default))
    if not raw.isascii() or not raw.isdigit() or not low <= int(raw) <= high:
        raise SettingsError(f"{name}={raw!r}: write a whole number from {low} to {high}")
    return int(raw)


def _flag(env: Mapping[str, str], name: str) -> bool:
    raw = env.get(name, "0")
    if raw not in ("0", "1", ""):
        raise SettingsError(f"{name}={raw!r}: write 1 or 0")
    return raw == "1"


def _choice(env: Mapping[str, str], name: str, default: str, allowed: tuple[str, ...]) -> str:
    raw = env.get(name, default)
    if raw not in allowed:
        raise SettingsError(f"{name}={raw!r}: write one of {', '.join(allowed)}")
    return raw


def _networks(env: Mapping[str, str], name: str, mode: str) -> tuple[IPv4Network, ...]:
    """Networks by their numbers; never this machine (but for the demo's sandbox), link-local or multicast ones."""
    if mode == "demo" and name not in env:
        return (LOOPBACK,)
    words = [one for one in re.split(r"[\s,]+", env.get(name, "")) if one]
    try:
        found = tuple(map(IPv4Network, words))
    except ValueError as error:
        raise SettingsError(f"{name}: write networks such as 10.20.0.0/16,192.168.5.0/24 ({error})") from error
    wrong = next((one for one in found for closed in CLOSED if one.overlaps(closed)), None)
    if wrong is not None:
        raise SettingsError(f"{name}: {wrong} holds addresses that no printer may have, write smaller networks")
    return found


def _secret(env: Mapping[str, str], mode: str, data_dir: Path) -> str:
    """The signing key: from the environment in production, kept in the data folder for a demo."""
    given = env.get("SECRET_KEY", "")
    if mode == "production":
        if len(given) < 32:
            raise SettingsError("SECRET_KEY: production needs at least 32 characters of randomness")
        return given
    if given:
        return given
    kept = data_dir / "secret-key"
    if not kept.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        fresh = data_dir / f"secret-key.{os.getpid()}"
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(48), encoding="ascii")
        fresh.replace(kept)
    return kept.read_text(encoding="ascii").strip()


def _database_url(env: Mapping[str, str]) -> str:
    url = env.get("DATABASE_URL", "")
    if not url:
        raise SettingsError("DATABASE_URL is not set: `make run` starts the embedded database and sets it")
    if url.startswith("postgresql://"):
        url = "postgresql+psycopg://" + url.removeprefix("postgresql://")
    if urlsplit(url).scheme != "postgresql+psycopg":
        raise SettingsError("DATABASE_URL: PostgreSQL is the only database, write postgresql://…")
    return url


def load_settings(env: Mapping[str, str] | None = None) -> Settings:
    """Read and validate. Raises SettingsError with the name of the variable that is wrong."""
    env = os.environ if env is None else env
    mode = _choice(env, "PORTAL_MODE", "production", ("demo", "test", "production"))
    data_dir = Path(env.get("PORTAL_VAR") or ROOT / "var").resolve()
    https = _flag(env, "HTTPS")
    public_url = env.get("PUBLIC_URL", "").rstrip("/")
    if mode == "production" and not public_url.startswith("https://"):
        raise SettingsError("PUBLIC_URL: production needs the https:// address people use")
    return Settings(
        mode=mode,
        database_url=_database_url(env),
        secret_key=_secret(env, mode, data_dir),
        former_secret_key=env.get("FORMER_SECRET_KEY", ""),
        data_dir=data_dir,
        public_url=public_url,
        https=https or public_url.startswith("https://"),
        trusted_proxies=_whole(env, "TRUSTED_PROXIES", 0, 0, 5),
        tile_url=env.get("TILE_URL") or None,
        tile_attribution=env.get("TILE_ATTRIBUTION", ""),
        geocoder=_choice(env, "GEOCODER", "sandbox", ("sandbox", "amap", "baidu", "tencent")),
        geocoder_key=env.get("GEOCODER_KEY", ""),
        printer_networks=_networks(env, "PRINTER_NETWORKS", mode),
        upload_limit_bytes=_whole(env, "UPLOAD_LIMIT_MB", 8, 1, 50) * 1024 * 1024,
        session_idle_seconds=_whole(env, "SESSION_IDLE_DAYS", 30, 1, 365) * 86400,
        session_absolute_seconds=_whole(env, "SESSION_ABSOLUTE_DAYS", 180, 1, 730) * 86400,
    )
