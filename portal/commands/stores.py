"""`flask stores import FILE`: stores by the thousand from a list, with a dry run and an error for each line.

Lines are taken in lots, each a transaction of its own; a file taken twice changes nothing. Columns: docs/stores.md.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

import click
from flask import current_app
from flask.cli import with_appcontext

from portal.domain.reference import queries as reference
from portal.domain.reference.values import Purpose
from portal.domain.regions import queries as regions
from portal.domain.regions.values import Level
from portal.domain.stores import actions, queries
from portal.domain.stores.rules.rows import COLUMNS, REQUIRED, ImportedRow, RowReader, Towns
from portal.kernel.database import new_id
from portal.kernel.geo import Datum
from portal.kernel.permissions import Permission
from portal.kernel.refusals import Refusal
from portal.kernel.scope import Face, Scope
from portal.kernel.sheets import NotASheet, Sheet, look, open_sheet
from portal.kernel.work import Actor, ActorKind, Work, open_work
from portal.services import Services

LOT = 500
SHOWN = 20


@dataclass
class Tally:
    """What happened so far. Only the first errors are kept; all of them go into the file."""

    made: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    first: list[str] = field(default_factory=list)


@click.group("stores", help="Stores.")
def stores() -> None:
    """The group."""


@stores.command("import", help="Take stores from a CSV list (UTF-8 or GBK, .gz too); again and again without harm.")
@click.argument("path", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--merchant", required=True, help="Whose stores they are: id or exact name.")
@click.option("--datum", required=True, type=click.Choice([datum.value for datum in Datum]), help="Of lat and lng.")
@click.option("--category", help="For lines without one: its name or code.")
@click.option("--dry-run", is_flag=True, help="Say what would happen and change nothing.")
@click.option("--draft", is_flag=True, help="Do not put new stores on the street yet.")
@click.option("--errors", type=click.Path(path_type=Path), help="Where refused lines go. Default: FILE.errors.csv")
@with_appcontext
def take(path: Path, merchant: str, datum: str, category: str | None, dry_run: bool, draft: bool, errors: Path) -> None:
    """Read, take, count. Exit 1 when a line was refused or the file broke off."""
    services: Services = current_app.extensions["portal"]
    with path.open("rb") as file:
        try:
            sheet = open_sheet(file, COLUMNS, REQUIRED, look(file, most=None), most_text=None)
        except NotASheet as wrong:
            raise click.ClickException(str(wrong)) from wrong
        if sheet.strangers:
            click.echo(f"不认识的列，没有使用：{'、'.join(sheet.strangers)}")
        run = Run(services, _merchant(services, merchant), _reader(services, Datum(datum), category), listed=not draft)
        with _error_file(errors or path.with_name(path.name + ".errors.csv")) as report:
            broken = run.through(sheet, report, dry=dry_run)
    _tell(run.tally, dry=dry_run)
    if broken:
        raise click.ClickException(broken)
    sys.exit(1 if run.tally.refused else 0)


def _merchant(services: Services, said: str) -> UUID:
    with _work(services, Scope(Face.PLATFORM)) as work:
        found = queries.merchants_called(work, said)
    if len(found) != 1:
        many = "有几个商家都叫" if found else "没有商家叫"
        raise click.ClickException(f"{many}“{said}”。请写商家的编号。")
    return found[0]


def _reader(services: Services, datum: Datum, category: str | None) -> RowReader:
    with _work(services, Scope(Face.JOB)) as work:
        towns = Towns.of(regions.every(work, levels=(Level.PROVINCE, Level.CITY, Level.AREA)))
        known = {key: one.id for one in reference.categories(work, Purpose.STORES) for key in (one.code, one.name)}
    if category and category not in known:
        raise click.ClickException(f"没有叫“{category}”的分类。有：{'、'.join(known)}")
    if not towns.cities:
        click.echo("还没有行政区划，门店不会有地区。先运行 flask regions load。")
    return RowReader(datum, towns, known, known[category] if category else None, services.settings.is_demo)


def _work(services: Services, scope: Scope) -> Any:
    actor, rights = Actor(ActorKind.COMMAND), frozenset({Permission.STORE_EDIT})
    return open_work(services.engine, scope=scope, actor=actor, clock=services.clock, permissions=rights)


@contextmanager
def _error_file(path: Path) -> Iterator[Any]:
    """Lines that were refused, opened with the first of them."""
    with ExitStack() as stack:
        writer: Any = None

        def write(line: int, column: str, sentence: str, name: str) -> None:
            nonlocal writer
            if writer is None:
                file = stack.enter_context(path.open("w", encoding="utf-8-sig", newline=""))
                writer = csv.writer(file)
                writer.writerow(("行", "列", "原因", "门店"))
                click.echo(f"被拒绝的行写在 {path}")
            writer.writerow((line, column, sentence, f"'{name}" if name[:1] in "=+-@\t\r" else name))

        yield write


class Run:
    """One file on its way into the stores of one merchant."""

    def __init__(self, services: Services, merchant_id: UUID, reader: RowReader, *, listed: bool) -> None:
        self.services, self.reader, self.listed = services, reader, listed
        self.scope = Scope(Face.OFFICE, merchant_id=merchant_id)
        self.run, self.tally = new_id(), Tally()

    def through(self, sheet: Sheet, report: Any, *, dry: bool) -> str:
        """Take every line; a sentence when the file broke off. A dry run is one transaction that is undone."""
        try:
            if dry:
                with _work(self.services, self.scope) as work:
                    self._every_lot(sheet, report, work)
                    work.session.rollback()
            else:
                self._every_lot(sheet, report, None)
        except NotASheet as wrong:
            return f"{wrong}前面的行已经处理。"
        return ""

    def _every_lot(self, sheet: Sheet, report: Any, work: Work | None) -> None:
        while lot := list(islice(sheet.rows, LOT)):
            rows = [row for line, cells in lot if (row := self._read(line, cells, report)) is not None]
            if work is not None:
                self._take(work, rows, report)
                continue
            with _work(self.services, self.scope) as own:
                self._take(own, rows, report)

    def _read(self, line: int, cells: dict[str, str], report: Any) -> ImportedRow | None:
        try:
            return self.reader.read(cells, line)
        except Refusal as refusal:
            self._refuse(line, refusal.field or "", str(refusal.sentence), cells.get("name", ""), report)
            return None

    def _take(self, work: Work, rows: list[ImportedRow], report: Any) -> None:
        taken = actions.take_rows(work, rows, run=self.run, listed=self.listed)
        self.tally.made += taken.made
        self.tally.changed += taken.changed
        self.tally.unchanged += taken.unchanged
        names = {row.line: row.facts.name for row in rows}
        for lines, sentence in ((taken.twice, "同一家店在文件里出现了两次。"), (taken.closed, "这家店已经关店。")):
            for line in lines:
                self._refuse(line, "", sentence, names[line], report)

    def _refuse(self, line: int, column: str, sentence: str, name: str, report: Any) -> None:
        self.tally.refused += 1
        report(line, column, sentence, name)
        if len(self.tally.first) < SHOWN:
            self.tally.first.append(f"第 {line} 行 {column} {sentence}".replace("  ", " "))


def _tell(tally: Tally, *, dry: bool) -> None:
    for line in tally.first:
        click.echo(line)
    if tally.refused > len(tally.first):
        click.echo(f"… 还有 {tally.refused - len(tally.first)} 行")
    click.echo(
        f"{'试运行，没有写入：' if dry else ''}新增 {tally.made}，更新 {tally.changed}，"
        f"没有变化 {tally.unchanged}，拒绝 {tally.refused}"
    )
