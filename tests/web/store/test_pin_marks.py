"""What is kept of a form that holds a PIN does not tell it."""

from __future__ import annotations

from flask import Flask

from portal.kernel import idempotency
from portal.web import office


def test_a_pin_is_not_to_be_found_by_trying_all_of_them(app: Flask) -> None:
    with app.test_request_context("/my-pin", method="POST", data={"pin": "482915"}):
        mine = office._asked()
    with app.test_request_context("/my-pin", method="POST", data={"pin": "482916"}):
        assert office._asked() != mine
    assert idempotency.fingerprint([("", "/my-pin"), ("pin", "482915")]) != mine
