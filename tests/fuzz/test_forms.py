"""Two thousand generated posts at every commit, FUZZ_POSTS of other dice in the long proof: never a 500."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.fuzz.fuzzer import SEED, Fuzzer
from tests.walker.crawl import Crawl, crawl
from tests.walker.walk import RAW_CSRF, Walk

POSTS = int(os.environ.get("FUZZ_POSTS", "2000"))  # twenty thousand take a quarter of an hour
FOREIGN = "IjEyMyI.aAAAAA.aaaaaaaaaaaaaaaaaaaaaaaaaaa"


@pytest.fixture(scope="session")
def seen(walk: Walk) -> Crawl:
    """All forms and pages of town B's people."""
    return crawl(walk, walk.b)


@pytest.fixture
def fuzzer(walk: Walk, seen: Crawl) -> Iterator[Fuzzer]:
    """Dice over both towns; afterwards everything is as it was."""
    fuzzer = Fuzzer(walk, seen)
    yield fuzzer
    fuzzer.close()
    walk.restore()


def tell(fuzzer: Fuzzer, what: str) -> None:
    accepted = sum(number for status, number in fuzzer.statuses.items() if status < 400)
    deep = sum(1 for number in fuzzer.endpoints.values() if number)
    print(
        f"\nfuzz: {fuzzer.sent} {what}, seed {fuzzer.seed}, {accepted} accepted, {deep} of {len(fuzzer.endpoints)} "
        f"endpoints passed at least once, by status {dict(sorted(fuzzer.statuses.items()))}"
    )


def test_no_form_breaks_a_page(fuzzer: Fuzzer) -> None:
    fuzzer.posts(2_000)
    tell(fuzzer, "posts")
    assert not fuzzer.broken, f"{len(fuzzer.broken)} broke\n" + "\n\n".join(fuzzer.broken[:12])
    assert fuzzer.statuses[303] > 200, "too few forms were accepted: the fuzzer stays at the door"


def test_no_query_breaks_a_page(fuzzer: Fuzzer) -> None:
    fuzzer.gets(800)
    tell(fuzzer, "addresses")
    assert not fuzzer.broken, f"{len(fuzzer.broken)} broke\n" + "\n\n".join(fuzzer.broken[:12])


@pytest.mark.prove
def test_many_forms_break_nothing(walk: Walk, seen: Crawl) -> None:
    fuzzer = Fuzzer(walk, seen, SEED + 1)
    fuzzer.posts(POSTS)
    fuzzer.close()
    walk.restore()
    tell(fuzzer, "posts")
    assert fuzzer.sent == POSTS
    assert not fuzzer.broken, f"{len(fuzzer.broken)} broke\n" + "\n\n".join(fuzzer.broken[:12])


@pytest.mark.parametrize("token", ["", "x", FOREIGN, RAW_CSRF], ids=["missing", "garbage", "foreign", "raw"])
def test_no_form_is_taken_without_its_token(walk: Walk, seen: Crawl, token: str) -> None:
    """Expired and foreign tokens: 403 with a sentence, and nothing has happened."""
    for forms in seen.forms.values():
        form = forms[0]
        fields = [("csrf_token", token), *form.fields] if token else list(form.fields)
        knock = walk.send(form.actor, form.url, fields)
        assert knock.status == 403, str(knock)
        assert "<h1" in knock.text, str(knock)
    assert not walk.moved()


def test_a_form_of_another_site_is_not_offered_again(walk: Walk, seen: Crawl) -> None:
    form = next(iter(seen.forms.values()))[0]
    knock = walk.knock(
        form.actor,
        "POST",
        form.url,
        data={"csrf_token": FOREIGN, "x": "evil"},
        headers={"Origin": "https://evil.example"},
    )
    assert knock.status == 403
    assert "evil" not in knock.text
