"""What the vendors' geocoders share: one way to ask through geopy, and every failure made one of ours."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode

from geopy import exc
from geopy.geocoders.base import Geocoder as GeopyGeocoder

from portal.domain.stores.ports import (
    Candidate,
    GeocoderDenied,
    GeocoderGarbled,
    GeocoderOverQuota,
    GeocoderSilent,
    GeocoderTrouble,
)
from portal.kernel.geo import Datum, from_datum
from portal.kernel.refusals import Refusal

TIMEOUT_SECONDS: Final = 3.0
MOST_LETTERS: Final = 84
"""Vendors cut or refuse longer addresses."""


class Answer(NamedTuple):
    """One place as the vendor wrote it, in the vendor's datum."""

    lat: float
    lng: float
    label: str
    confidence: int


class Vendor:
    """A geocoder that asks a vendor; the subclass says how to sign, what to ask and how to read the answer."""

    datum: Datum
    base: str
    """Scheme and host, replaced by the tests' sandbox."""

    def __init__(
        self, key: str, secret: str = "", *, base: str | None = None, timeout: float = TIMEOUT_SECONDS
    ) -> None:
        self.key = key
        self.secret = secret
        self.base = (base or self.base).rstrip("/")
        self.client = self.connect(timeout)

    def connect(self, timeout: float) -> GeopyGeocoder:
        """The geopy client that carries the requests."""
        return GeopyGeocoder(timeout=timeout, user_agent="portal")

    def ask(self, address: str, city: str | None) -> list[Answer]:
        """One request to the vendor. Any exception of geopy, and any error of reading, may come out."""
        raise NotImplementedError

    def geocode(self, address: str, city: str | None = None) -> list[Candidate]:
        """The places the address may mean, likeliest first. Raises nothing but `GeocoderTrouble`."""
        wanted = " ".join(address.split())[:MOST_LETTERS]
        if not wanted:
            return []
        try:
            found = [self._place(answer) for answer in self.ask(wanted, city)]
        except exc.GeopyError as trouble:
            raise _ours(trouble) from trouble
        except (LookupError, TypeError, ValueError, AttributeError, Refusal, RecursionError, OSError) as trouble:
            raise GeocoderGarbled from trouble
        return sorted(found, key=lambda candidate: -candidate.confidence)

    def fetch(self, path: str, params: Mapping[str, str], read: Callable[[Any], list[Answer]]) -> list[Answer]:
        """GET the path with these parameters and read the JSON that comes back."""
        answers: list[Answer] = self.client._call_geocoder(f"{self.base}{path}?{urlencode(params)}", read)
        return answers

    def _place(self, answer: Answer) -> Candidate:
        position = from_datum(float(answer.lat), float(answer.lng), self.datum)
        return Candidate(position, str(answer.label), max(0, min(100, int(answer.confidence))))


def refuse(code: int, *, quota: frozenset[int], denied: frozenset[int]) -> None:
    """Raise what the vendor's error code means."""
    if code in quota:
        raise exc.GeocoderQuotaExceeded(f"vendor's code {code}")
    if code in denied:
        raise exc.GeocoderAuthenticationFailure(f"vendor's code {code}")
    raise exc.GeocoderServiceError(f"vendor's code {code}")


def _ours(trouble: exc.GeopyError) -> GeocoderTrouble:
    match trouble:
        case exc.GeocoderQuotaExceeded() | exc.GeocoderRateLimited():
            return GeocoderOverQuota()
        case exc.GeocoderAuthenticationFailure() | exc.GeocoderInsufficientPrivileges():
            return GeocoderDenied()
        case exc.GeocoderParseError() | exc.GeocoderQueryError():
            return GeocoderGarbled()
        case _:
            return GeocoderSilent()
