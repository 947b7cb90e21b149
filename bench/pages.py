"""How many statements each page needs: every GET page of a furnished town, opened by the people it is for."""

from __future__ import annotations

from typing import Any

from sqlalchemy import event

from bench.installation import EMPTY, Installation
from bench.report import Figure
from tests.walker.building import walking
from tests.walker.crawl import crawl


def sql_per_page(installation: Installation) -> dict[str, Figure]:
    """The hungriest page of all, and which one it is."""
    counted: dict[str, int] = {}
    with walking(installation.server, installation.folder / "var", "bench_pages", template=EMPTY) as walk:
        pages = crawl(walk, walk.b).pages
        statements: list[str] = []

        def note(_c: Any, _cursor: Any, statement: str, *_more: Any) -> None:
            statements.append(statement)

        engine = walk.app.extensions["portal"].engine
        event.listen(engine, "before_cursor_execute", note)
        for page in pages:
            statements.clear()
            walk.knock(page.actor, "GET", page.url)
            endpoint = str(walk.endpoint_of(page.url, "GET"))
            counted[endpoint] = max(counted.get(endpoint, 0), len(statements))
    hungriest = sorted(counted, key=lambda name: -counted[name])[:4]
    note_ = f"{len(counted)} pages; " + ", ".join(f"{name} {counted[name]}" for name in hungriest)
    return {"sql_per_page.max": Figure(counted[hungriest[0]], 12, "", note_)}
