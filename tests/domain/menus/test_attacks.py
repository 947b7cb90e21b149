"""Menu files that somebody made to break what reads them: a sentence, or a menu without what no database holds."""

from __future__ import annotations

import pytest

from portal.domain.menus import actions, errors, queries
from portal.domain.menus.rules import captured
from portal.domain.tenants.values import Kind
from portal.kernel.scope import Face
from tests.factories.world import World


def _menu(**dish: str) -> bytes:
    inner = ",".join(f'"{name}":{value}' for name, value in dish.items())
    return b'{"categories":[{"name":"a\\u0000","foods":[{%s}]}]}' % inner.encode()


@pytest.mark.parametrize(
    "content",
    [b"[" * 100_000, b"[null]", b'{"categories":{}}', _menu(name="[]"), _menu(name='"x"', price="9" * 5000)],
    ids=["deep", "nothing", "no list", "no word", "endless figure"],
)
def test_what_is_no_menu_is_refused(content: bytes) -> None:
    with pytest.raises(errors.NotAMenu):
        captured.read(content)


def test_halves_of_letters_are_left_out(world: World) -> None:
    merchant, file = world.merchant(Kind.BRAND), _menu(name='"\\ud83d茶\\u0000"', price="1e400", unit='"\\udc00"')
    with world.work(Face.OFFICE, merchant=merchant.id) as work:
        (brought,) = actions.bring(work, captured.read(file), file_name="午市\x00\ud83d.json")
        (row,) = queries.import_rows(work, brought)
        assert (row.facts["name"], row.facts["unit"], row.facts["section"]) == ("茶", "份", "a")
        assert queries.import_line(work, brought).file_name == "午市.json"
