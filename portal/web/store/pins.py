"""A manager's PIN on somebody else's phone: guesses are few, also at once, and each wrong one is in the trail."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, after_this_request, g, request

from portal.domain.bills import actions as bills
from portal.domain.bills.errors import PinWrong
from portal.kernel.limits import Limit
from portal.kernel.permissions import Permission
from portal.kernel.refusals import Refusal
from portal.kernel.scope import Scope
from portal.kernel.words import say
from portal.kernel.work import Actor, Work, open_work
from portal.web import sessions
from portal.web.forms.base import Attempt, Form
from portal.web.office import Checks, services

_TOO_MANY = say("PIN 输错太多次了，请十分钟后再试，或请店长用自己的手机处理。")
Acting = tuple[Scope, Actor, frozenset[Permission]]
PER_PERSON = Limit("pin.person", 5, 600, _TOO_MANY)
PER_STORE = Limit("pin.store", 20, 600, _TOO_MANY)


def guesses(args: dict[str, Any]) -> Checks:
    """The gate of every act that takes a PIN. A typed one counts before it is compared, committed by itself: however
    many come at once, no more than the limit are compared. By person: a browser without its cookies is another one.
    What was not wrong is taken off again.
    """
    if not request.form.get("pin"):
        return []
    who, at = sessions.claim(), services().clock.now()
    checks = [(PER_PERSON, str(who.person_id) if who else ""), (PER_STORE, str(args["store"]))]

    @after_this_request
    def settle(response: Response) -> Response:
        wrong: Acting | None = g.pop("pin_wrong", None)
        if wrong is not None:
            _write_down(wrong, args["store"])
        elif response.status_code < 500:
            services().gate.pardon(*checks, at=at)
        return response

    return checks


def _write_down(acting: Acting, store: UUID) -> None:
    """Who typed it and when, once the Work has given its connection back; never what."""
    house, (scope, actor, may) = services(), acting
    once = {"clock": house.clock, "request_id": g.request_id, "permissions": may}
    with open_work(house.engine, scope=scope, actor=actor, **once) as work:
        bills.note_wrong_pin(work, store, at=request.endpoint or "")


class PinForm(Form):
    """Has a wrong PIN written down when it is refused."""

    def tries(self, work: Work) -> Attempt:
        """The same, and remembers who acts."""
        self.acting = (work.scope, work.actor, work.permissions)
        return super().tries(work)

    def refuse(self, refusal: Refusal) -> None:
        """The sentence above the form; the guess stays counted."""
        if isinstance(refusal, PinWrong):
            g.pin_wrong = self.acting
        super().refuse(refusal)
