"""`flask ledger proof`: recount the whole ledger; `flask ledger close`: close the days that are over.

The proof prints what it looked at and names what differs; it ends with 1 when anything does.
"""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import with_appcontext

from portal.domain.ledger import actions
from portal.domain.ledger.values import Proof
from portal.kernel.scope import Face, Scope
from portal.kernel.work import Actor, ActorKind, open_work
from portal.services import Services


@click.group("ledger", help="The ledger.")
def ledger() -> None:
    """The group."""


@ledger.command("proof", help="Recount every balance, entry, reversal, hold and closed day; exit 1 on a difference.")
@click.option("--keep/--no-keep", default=True, show_default=True, help="Show the result on the pages.")
@with_appcontext
def proof(keep: bool) -> None:
    """Recount, print, and end with 1 when something differs."""
    services: Services = current_app.extensions["portal"]
    scope, actor = Scope(Face.JOB), Actor(ActorKind.COMMAND)
    with open_work(services.engine, scope=scope, actor=actor, clock=services.clock) as work:
        found = actions.prove(work)
    if keep:
        with open_work(services.engine, scope=scope, actor=actor, clock=services.clock) as work:
            actions.keep_proof(work, found)
    tell(found)
    if found.differences:
        raise SystemExit(1)


@ledger.command("close", help="Seal and close the days before today (Asia/Shanghai).")
@with_appcontext
def close() -> None:
    """Close day after day and print each."""
    services: Services = current_app.extensions["portal"]
    scope, actor = Scope(Face.JOB), Actor(ActorKind.COMMAND)
    with open_work(services.engine, scope=scope, actor=actor, clock=services.clock) as work:
        actions.seal(work)
    more = True
    while more:
        with open_work(services.engine, scope=scope, actor=actor, clock=services.clock) as work:
            day = actions.close(work)
        more = day is not None
        if day is not None:
            click.echo(f"{day.day} {day.transfers:>10} transfers  {day.chain}")


def tell(found: Proof) -> None:
    """The table, then the differences by name."""
    click.echo(f"{found.transfers} transfers, recounted at {found.began_at:%Y-%m-%d %H:%M:%S} UTC")
    for one in found.findings:
        verdict = "ok" if not one.differences else f"{one.differences} differ"
        click.echo(f"  {one.check.value:<10} {one.looked_at:>12}  {verdict}")
    for one in found.findings:
        for each in one.examples:
            click.echo(f"{one.check.value}: {each.name}: stands {each.stands}, recounted {each.recounted}")
        if one.differences > len(one.examples):
            click.echo(f"{one.check.value}: and {one.differences - len(one.examples)} more")
