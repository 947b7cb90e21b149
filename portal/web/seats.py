"""The cookie side of a seat at a table: which guest this browser is at which sitting, and the door that checks it.

The signed cookie keeps a key for each of the last few sittings; the database keeps its digest as long as the sitting is
open. Nobody needs an account.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from flask import g, has_request_context, request, session
from werkzeug.exceptions import HTTPException
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from portal.domain.tabs import errors
from portal.domain.tabs import queries as tabs
from portal.domain.tabs.values import GuestState, Joined, Seat
from portal.domain.tenants.values import SignedIn
from portal.kernel.limits import Limit
from portal.kernel.permissions import ROLES, Role
from portal.kernel.scope import Face, Scope
from portal.kernel.words import say
from portal.kernel.work import Actor, ActorKind, Work
from portal.web.admission import Admission
from portal.web.office import Checks

KEPT: Final = 3
_TOO_MANY = say("试错的次数太多了。请扫桌上的码，或十分钟后再试。")
WRONG_PER_PLACE = Limit("table.wrong", 30, 600, _TOO_MANY)


@dataclass(frozen=True)
class SeatClaim:
    """What a cookie claims for one sitting."""

    merchant_id: UUID
    guest_id: UUID
    key: str


class Elsewhere(HTTPException):
    """The sitting went over to another (并台): look there."""

    code = 303

    def __init__(self, location: str) -> None:
        super().__init__()
        self.location = location

    def get_response(self, *_environ: Any, **_scope: Any) -> Response:
        """The way there."""
        return redirect(self.location, code=303)


def keep(joined: Joined) -> None:
    """Remember a seat in this browser; of many tables the last few."""
    _keep(joined.sitting_id, SeatClaim(joined.merchant_id, joined.guest_id, joined.key))


def _keep(sitting_id: UUID, claim: SeatClaim) -> None:
    seats = [pair for pair in _seats() if pair[0] != str(sitting_id)]
    seats.append((str(sitting_id), f"{claim.merchant_id}.{claim.guest_id}.{claim.key}"))
    session["seats"] = seats[-KEPT:]
    session.permanent = True


def _seats() -> list[tuple[str, str]]:
    kept = session.get("seats") if has_request_context() else None
    return [(str(one[0]), str(one[1])) for one in kept if len(one) == 2] if isinstance(kept, list) else []


def claim(sitting_id: UUID) -> SeatClaim | None:
    """What this browser claims to be at a sitting, or None."""
    parts = dict(_seats()).get(str(sitting_id), "").split(".")
    try:
        return SeatClaim(UUID(parts[0]), UUID(parts[1]), parts[2])
    except (IndexError, ValueError):
        return None


def guesses(args: dict[str, Any]) -> Checks:
    """The gate of the table's office: only who has no key for this address is counted."""
    return [] if claim(args["sitting"]) is not None else [(WRONG_PER_PLACE, request.remote_addr or "")]


def seat_at(work: Work, sitting_id: UUID) -> Seat:
    """The seat this browser has at a sitting. Raises NotAtTable, SittingOver; Elsewhere when it was merged."""
    claimed = claim(sitting_id)
    if claimed is None:
        raise errors.NotAtTable
    seat = tabs.seat(work, claimed.merchant_id, claimed.guest_id, claimed.key)
    if seat.sitting_id != sitting_id:
        _keep(seat.sitting_id, claimed)
        raise Elsewhere(request.full_path.rstrip("?").replace(str(sitting_id), str(seat.sitting_id)))
    return seat


def to_table(work: Work, _signed_in: SignedIn | None, args: dict[str, Any]) -> Admission:
    """Whoever holds the key of a guest at this sitting; signed in or not, he is that guest here."""
    seat = seat_at(work, args.pop("sitting"))
    if seat.state is not GuestState.IN:
        raise errors.StillAsking
    g.seat = seat
    scope = Scope(Face.GUEST, merchant_id=seat.merchant_id, sitting_id=seat.sitting_id)
    actor = Actor(ActorKind.GUEST, device=work.actor.device, guest_id=seat.guest_id)
    return Admission(scope, actor, ROLES[Role.GUEST])


def whole(name: str) -> int:
    """A number of a form; what is none is 0, which the domain refuses in a sentence."""
    text = request.form.get(name, "1").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
