"""`flask create-owner` begins a production installation; `flask worker timetable` tells what happens by itself."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.domain.identity.models import Credential, Person
from portal.domain.tenants.models import PlatformStaff
from portal.jobs.timetable import TIMETABLE
from portal.kernel.scope import Face
from tests.client import Browser
from tests.factories.world import World

PASSWORD = "kapok-tree-7781"


def create(app: Flask, phone: str = "138 0013 8000", password: str = PASSWORD, name: str = "周敏"):
    return app.test_cli_runner().invoke(args=["create-owner", "--phone", phone, "--name", name, "--password", password])


def test_the_owner_signs_in_and_is_asked_for_a_second_factor(app: Flask, browser: Browser, world: World) -> None:
    done = create(app)
    assert done.exit_code == 0, done.output
    assert "138****8000" in done.output
    assert PASSWORD not in done.output
    assert "13800138000" not in done.output
    arrived = browser.post("signin.password_check", {"phone": "13800138000", "password": PASSWORD})
    page = browser.open(arrived.response.headers["Location"], status=303)
    assert page.response.headers["Location"].startswith("/signin/second-factor")
    with world.work(Face.PLATFORM) as work:
        assert work.session.scalars(select(PlatformStaff.role)).one() == "platform_owner"


def test_a_fresh_installation_has_no_accounts_and_no_passwords(world: World) -> None:
    with world.work(Face.GATE) as work:
        assert work.session.scalar(select(func.count()).select_from(Person)) == 0
        assert work.session.scalar(select(func.count()).select_from(Credential)) == 0


@pytest.mark.parametrize(("phone", "password"), [("12345", PASSWORD), ("13800138000", "password1"), ("", PASSWORD)])
def test_what_is_wrong_is_said_and_nothing_is_made(app: Flask, world: World, phone: str, password: str) -> None:
    refused = create(app, phone, password)
    assert refused.exit_code == 1
    assert "Error: " in refused.output
    with world.work(Face.GATE) as work:
        assert work.session.scalar(select(func.count()).select_from(Person)) == 0


def test_twice_is_refused(app: Flask) -> None:
    create(app)
    assert create(app).exit_code == 1


def test_the_timetable_can_be_read(app: Flask) -> None:
    told = app.test_cli_runner().invoke(args=["worker", "timetable"])
    assert told.exit_code == 0, told.output
    assert all(entry.name in told.output for entry in TIMETABLE)
