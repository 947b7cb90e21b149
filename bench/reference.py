"""What the least could cost: a one-line page, the same rows in a bare template, the same statements in one transaction.

Served by gunicorn beside the portal, on the same database, with the portal's own connection pool settings.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import psycopg
from flask import Flask, Response, redirect, render_template, request
from sqlalchemy import Connection, create_engine
from werkzeug.wrappers import Response as BaseResponse

from bench.script import Script, kept
from bench.times import times_by_hand
from portal.domain.ordering.rules.numbers import new_number
from portal.kernel.database import ENGINE_OPTIONS, new_id

application = Flask(__name__)
engine = create_engine(os.environ["DATABASE_URL"], **ENGINE_OPTIONS)
scripts = kept(os.environ["BENCH_SCRIPTS"]) if "BENCH_SCRIPTS" in os.environ else {}


@application.get("/hello")
def hello() -> str:
    """One line."""
    return "hello"


@application.get("/plain/<int:number>")
def plain(number: int) -> str:
    """The rows of what is near, by the statements of the portal's own page, in a bare template."""
    script: Script = scripts["nearby"][number]
    rows: list[Any] = []
    with engine.begin() as connection:
        for statement, values in script.lines:
            result = connection.exec_driver_sql(statement, values)
            found = result.all() if result.returns_rows else []
            if found and "store_id" in found[0]._fields:
                rows = list(found)[:20]
    return render_template("plain.html", rows=rows)


@application.get("/orders")
def orders() -> str:
    """The rows of the board, by the statements of the portal's own page, in a bare template."""
    script: Script = scripts["orders"]
    rows: list[Any] = []
    lines: dict[Any, list[Any]] = {}
    with engine.begin() as connection:
        for statement, values in script.lines:
            result = connection.exec_driver_sql(statement, values)
            found = result.all() if result.returns_rows else []
            if found and "ship_by" in found[0]._fields:
                rows = list(found)
            if found and "supply_fen" in found[0]._fields:
                for line in found:
                    lines.setdefault(line.order_id, []).append(line)
    return render_template("orders.html", rows=rows, lines=lines)


@application.get("/times")
def times() -> str:
    """The same times as the page's, by its own statements and by hand for this question only, in a bare template."""
    script: Script = scripts["times"]
    kept: dict[str, Any] = {}
    with engine.begin() as connection:
        for statement, values in script.lines:
            result = connection.exec_driver_sql(statement, values)
            found = result.all() if result.returns_rows else []
            if found:
                kept[found[0]._fields[-1]] = found
    people = [row for row in kept["service_id"] if row.kind == "technician"]
    days = times_by_hand(kept["twins"], kept["upper_1"])
    first = next(nth for nth, (_day, times) in enumerate(days) if times)
    return render_template("times.html", people=people, days=days, first=first)


@application.post("/core")
def core() -> Response | BaseResponse:
    """One redemption by the portal's own statements in one transaction, with nothing around it."""
    redemption_id = new_id()
    with engine.begin() as connection:
        replay(connection, scripts["redeem"], request.form["code"], redemption_id)
    return redirect(f"/redemptions/{redemption_id}", code=303)


@application.post("/checkout-core")
def checkout_core() -> Response | BaseResponse:
    """One checkout by the portal's own statements in one transaction, with nothing around it."""
    return _say(scripts["checkout"])


@application.post("/tab-core")
def tab_core() -> Response | BaseResponse:
    """One line of a tab, in the same way."""
    return _say(scripts["tab"])


def _say(recorded: dict[str, Any]) -> Response | BaseResponse:
    swap: dict[Any, Any] = {number: new_number(datetime.now(UTC)) for number in recorded["numbers"]}
    with engine.begin() as connection:
        for statement, values in recorded["script"].lines:
            connection.exec_driver_sql(statement, _swapped(values, swap, recorded["constants"]))
    return redirect("/hello", code=303)


def replay(connection: Connection, recorded: dict[str, Any], code: str, redemption_id: UUID) -> None:
    """The recorded statements with another voucher and with fresh ids where the portal made ids."""
    swap: dict[Any, Any] = {recorded["code"]: code, recorded["redemption"]: redemption_id}
    known = recorded["constants"]
    for statement, values in recorded["script"].lines:
        result = connection.exec_driver_sql(statement, _swapped(values, swap, known))
        if "FOR UPDATE" in statement and result.returns_rows:
            swap[recorded["voucher"]] = result.one().id


def _swapped(values: Any, swap: dict[Any, Any], known: set[UUID]) -> Any:
    if isinstance(values, list):
        return [_swapped(row, swap, known) for row in values]
    if not isinstance(values, dict):
        return values
    return {name: _other(value, swap, known) for name, value in values.items()}


def _other(value: Any, swap: dict[Any, Any], known: set[UUID]) -> Any:
    if isinstance(value, psycopg.types.json.Jsonb | psycopg.Binary) or not isinstance(value, str | UUID):
        return value
    if isinstance(value, UUID) and value not in swap and value not in known:
        swap[value] = new_id()
    return swap.get(value, value)
