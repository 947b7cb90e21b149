"""The list of all offices; importing a feature's module registers its pages."""

from __future__ import annotations

from flask import Flask

from portal.web.alliance import alliance
from portal.web.chain import chain
from portal.web.office import Office
from portal.web.platform import platform
from portal.web.region import region
from portal.web.shop import nearby, shop
from portal.web.signin import signin
from portal.web.store import store
from portal.web.supplier import supplier

PAGES = (nearby,)
OFFICES: tuple[Office, ...] = (shop, signin, store, chain, alliance, supplier, region, platform)


def init_app(app: Flask) -> None:
    """Open every office."""
    for office in OFFICES:
        app.register_blueprint(office)
