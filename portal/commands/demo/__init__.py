"""`flask demo seed` fills an empty demo database with a small living town; `flask demo signins` tells who may sign in.

Everything happens by the portal's own acts, so the town obeys every rule the portal has. Refuses to run in production.
"""

from __future__ import annotations

import gc

import click
from flask import current_app
from flask.cli import AppGroup

from portal.commands.demo import (
    aftersales,
    bookings,
    calendar,
    crew,
    dispatching,
    floor,
    founding,
    freight,
    goods,
    kitchen,
    living,
    menus,
    orders,
    passes,
    payouts,
    people,
    settlement,
    tabs,
)
from portal.commands.demo.casting import Cast
from portal.commands.demo.town import PASSWORD, read_town
from portal.commands.regions import LIST, read_regions
from portal.domain.regions import actions as regions
from portal.services import Services

demo = AppGroup("demo", help="The demo town (embedded database only).")


def _services() -> Services:
    services: Services = current_app.extensions["portal"]
    if not services.settings.is_demo:
        raise click.ClickException("the demo town lives only in a demo installation (PORTAL_MODE=demo)")
    return services


@demo.command("seed")
def seed_command() -> None:
    """Fill the town once; what is there already stays as it is."""
    gc.disable()  # the process ends right after; looking for rings among its rows only takes time
    try:
        _fill()
    finally:
        gc.enable()


def _fill() -> None:
    cast, town = Cast(_services()), read_town()
    with cast.job() as work:
        regions.load(work, read_regions(LIST))
    people.settle(cast, town)
    founded = founding.open_merchants(cast, town)
    goods.stock_shelves(cast, founded)
    freight.price_the_way(cast, founded)
    calendar.make_rosters(cast, founded)
    menus.cook(cast, founded)
    kitchen.equip(cast, founded)
    living.fill_with_life(cast, town, founded)
    orders.buy(cast, founded, town)
    payouts.pay_out(cast, founded)
    aftersales.ask_back(cast, founded)
    dispatching.dispatch(cast, founded)
    floor.set_tables(cast, founded, town)
    tabs.sit_down(cast, founded)
    bookings.offer_services(cast, founded)
    passes.sell(cast, founded, town)
    crew.know_clients(cast, founded)
    bookings.fill_days(cast, founded)
    settlement.settle_up(cast, founded)
    click.echo(f"{len(town['people'])} people, {len(town['merchants'])} merchants, {len(founded.stores)} stores")


@demo.command("signins")
def signins_command() -> None:
    """Print the demo sign-ins, one a role."""
    _services()
    click.echo(f"{'phone':<13} {'password':<16} who")
    for person in read_town()["people"]:
        if person.get("shown"):
            click.echo(f"{person['phone']:<13} {PASSWORD:<16} {person['name']} · {person['note']}")
    click.echo("Codes by SMS and the second factor's digits are shown at /outbox.")
