"""Every action asks for its right before it does anything, so that jobs and callbacks meet the same check as pages."""

from __future__ import annotations

import ast
import importlib
import inspect
import textwrap
from collections.abc import Callable, Iterator
from types import ModuleType

from portal.settings import ROOT
from tests.architecture.house import tracked

_OF_THE_HOUSE = "no person's act: reactions, jobs and commands call it"
_OF_CHECKOUT = "checkout and refunds call it under their own right, on the worker's face"
_OF_ORDERS = "called by shipping and after-sales, whose own acts ask for the right and reach the order"
_OF_THE_LEDGER = "called by the features above, whose own acts ask for the right; writes with the ledger's face only"
_BY_LINK = "128 random bits are the right: who has the link manages that one thing, with or without an account"
_AT_THE_SITTING = "asks in access.at_sitting or held, before anything is read or written"
_OF_THE_CALENDAR = "features above call it within acts that have asked for the right and reached the store"
_OF_SITTINGS = "tabs call it within acts that have asked for the right and hold the sitting"
WITHOUT_RIGHT = {
    **{f"ledger.{verb}": _OF_THE_LEDGER for verb in ("close", "hold", "keep_proof", "post", "prove", "seal")},
    **{f"aftersales.{verb}": _OF_THE_HOUSE for verb in ("pass_deadline", "refund_done", "refund_stuck")},
    **{
        f"bills.{verb}": _AT_THE_SITTING
        for verb in ("clear", "give_up", "pay_online", "printed", "raise_bill", "refund", "take")
    },
    **{f"bills.{verb}": "follows what becomes of a payment, which ends once" for verb in ("paid", "released")},
    **{f"calendar.{verb}": _OF_THE_CALENDAR for verb in ("move", "release", "reserve")},
    "catalogue.put_back": _OF_CHECKOUT,
    "catalogue.release": _OF_CHECKOUT,
    "catalogue.release_expired": _OF_THE_HOUSE,
    "catalogue.reserve": _OF_CHECKOUT,
    "catalogue.take": _OF_CHECKOUT,
    **{f"clients.{verb}": "follows what becomes of bookings" for verb in ("record_of", "tie", "visit_of")},
    "commissions.earn": "follows bookings and sales of passes, whose own acts ask for the right",
    "earnings.earn": "bookings, passes and bills call it within acts that asked for the right and hold their row",
    "floor.miss_one": _OF_THE_HOUSE,
    "floor.occupy": _OF_SITTINGS,
    "floor.remind": _OF_THE_HOUSE,
    "floor.vacate": _OF_SITTINGS,
    "imports.forget": _OF_THE_HOUSE,
    "imports.wake": _OF_THE_HOUSE,
    "kitchen.print_paper": "bills call it, whose own acts ask for the right and reach the store",
    "kitchen.receipt_printer": "tells bills which printer there is; what it finds is asked for by merchant",
    **{
        f"menus.{verb}": "tabs and the kitchen call it within acts that asked for the right and hold the sitting"
        for verb in ("give_back", "hold_pieces", "order")
    },
    "messages.forget": _OF_THE_HOUSE,
    "messages.notify": _OF_THE_HOUSE,
    "messages.send": _OF_THE_HOUSE,
    "messages.text_to_phone": _OF_THE_HOUSE,
    "settlement.issue_due": _OF_THE_HOUSE,
    "settlement.lapse_due": _OF_THE_HOUSE,
    "ordering.tell": _OF_ORDERS,
    "shipping.remind": _OF_THE_HOUSE,
    "tabs.join": "a printed table code only asks to join, and anybody may ask",
    "tabs.join_by_invite": _BY_LINK,
    "waiting.close_days": _OF_THE_HOUSE,
}


def actions() -> Iterator[tuple[str, Callable[..., object]]]:
    """feature.verb → function, for what each feature's `actions` offers."""
    for path in tracked("portal/domain/*/actions.py", "portal/domain/*/actions/__init__.py"):
        name = path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".").removesuffix(".__init__")
        module = importlib.import_module(name)
        for word, function in offered(module):
            yield f"{name.split('.')[2]}.{word}", function


def offered(module: ModuleType) -> Iterator[tuple[str, Callable[..., object]]]:
    """Public functions that take a Work, own ones or those named in `__all__`."""
    listed = getattr(module, "__all__", None)
    for name, one in inspect.getmembers(module, inspect.isfunction):
        public = name in listed if listed is not None else one.__module__.startswith(module.__name__)
        if public and not name.startswith("_") and next(iter(inspect.signature(one).parameters), "") == "work":
            yield name, one


def asks(function: Callable[..., object], depth: int = 3) -> bool:
    """True when one of the first statements requires a right, itself or by a helper or an `access_…`."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    assert isinstance(tree, ast.FunctionDef)
    body = tree.body[1:] if ast.get_docstring(tree) else tree.body
    for call in (one for statement in body[:2] for one in ast.walk(statement) if isinstance(one, ast.Call)):
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        if name == "require" or name.startswith("access_"):
            return True
        helper = function.__globals__.get(name)
        if (
            depth
            and inspect.isfunction(helper)
            and helper.__module__ == function.__module__
            and asks(helper, depth - 1)
        ):
            return True
    return False


def test_every_action_asks_for_its_right_first() -> None:
    open_doors = {name for name, function in actions() if not asks(function)}
    missing = open_doors - set(WITHOUT_RIGHT)
    assert not missing, f"first line work.require(Permission.…), or a reason in WITHOUT_RIGHT: {sorted(missing)}"
    assert set(WITHOUT_RIGHT) <= open_doors, "dead lines in WITHOUT_RIGHT"
