"""The people of the town: accounts with the demo password, the operator's own staff, the demo authenticator."""

from __future__ import annotations

from typing import Any

from portal.commands.demo.casting import Cast
from portal.commands.demo.town import PASSWORD
from portal.domain.identity.actions import factors, signing
from portal.domain.tenants.actions import operators
from portal.kernel.permissions import Role
from portal.kernel.refusals import Refusal


def settle(cast: Cast, town: dict[str, Any]) -> None:
    """Make every account that is not there yet."""
    for person in town["people"]:
        phone = person["phone"]
        with cast.nobody() as work:
            cast.ids[phone] = signing.make_person(work, phone=phone, name=person["name"], password=PASSWORD)
        if person.get("second_factor"):
            with cast.nobody() as work:
                factors.set_up_demo(work, cast.services.seal, cast.ids[phone])
        if role := person.get("platform"):
            _appoint(cast, phone, Role(role))


def _appoint(cast: Cast, phone: str, role: Role) -> None:
    try:
        with cast.platform() as work:
            operators.appoint(work, phone=phone, role=role)
    except Refusal:  # appointed by an earlier run
        return
