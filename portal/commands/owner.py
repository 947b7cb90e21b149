"""`flask create-owner`: the first person of a production installation, who may appoint all others.

Demo sign-ins exist only in the embedded database; here somebody on the machine says who owns the platform.
"""

from __future__ import annotations

import click
from flask.cli import ScriptInfo

from portal.domain.identity.actions import passwords, signing
from portal.domain.tenants.actions import operators
from portal.kernel import phones
from portal.kernel.permissions import Permission, Role
from portal.kernel.refusals import Refusal
from portal.kernel.scope import Face, Scope
from portal.kernel.work import Actor, ActorKind, open_work
from portal.services import Services


@click.command("create-owner", help="Make the platform's owner (asks for phone, name and password).")
@click.option("--phone", prompt="Mobile phone (11 digits)")
@click.option("--name", prompt="Name")
@click.password_option(help="8 to 128 characters")
@click.pass_obj
def create_owner(info: ScriptInfo, phone: str, name: str, password: str) -> None:
    """Make the account if the phone is new, and let the person own the platform."""
    services: Services = info.load_app().extensions["portal"]
    try:
        number = phones.normalise_mobile(phone, demo=services.settings.is_demo)
        passwords.refuse_weak(password, number)
        _make(services, number, name, password)
    except Refusal as refusal:
        raise click.ClickException(str(refusal.sentence)) from None
    click.echo(f"{phones.mask(number)} owns the platform. Sign in with the password; the second factor is set up then.")


def _make(services: Services, phone: str, name: str, password: str) -> None:
    actor = Actor(ActorKind.COMMAND)
    with open_work(services.engine, scope=Scope(Face.GATE), actor=actor, clock=services.clock) as work:
        signing.make_person(work, phone=phone, name=name, password=password)
        work.enter(Scope(Face.PLATFORM), actor, frozenset({Permission.OPERATOR_EDIT}))
        operators.appoint(work, phone=phone, role=Role.PLATFORM_OWNER)
