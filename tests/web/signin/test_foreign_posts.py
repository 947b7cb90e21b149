"""What another site makes a browser send: refused, not offered again, and the visitor stays signed in."""

from __future__ import annotations

import pytest

from tests.client import Browser
from tests.factories.world import World


@pytest.mark.parametrize("path", ["/signin/out", "/nowhere", "/signin"])
def test_another_site_cannot_sign_anybody_out(app, world: World, path: str) -> None:
    """A cross-site POST comes without the cookie: its answer must not put an empty one in its place."""
    stranger = app.test_client()
    answer = stranger.post(path, data={"x": "1"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code in (403, 404)
    assert not [cookie for cookie in answer.headers.getlist("Set-Cookie") if cookie.startswith("jieshi=")]


def test_a_name_that_only_begins_like_ours_is_another_site(browser: Browser, world: World) -> None:
    mine = browser.as_(world.person())
    for origin, offered in (("http://localhost", True), ("http://localhost.evil.example", False)):
        answer = mine.client.post("/signin/out", data={"x": "typed before"}, headers={"Origin": origin})
        assert answer.status_code == 403
        assert ("typed before" in answer.get_data(as_text=True)) is offered
