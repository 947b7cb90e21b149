"""Counters that hold across workers: how often something was tried in a window of time.

Counting commits by itself, before the Work, so that a rolled-back request still counts. Keys are digests: the table
says nothing about anybody.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, delete, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.clock import Clock
from portal.kernel.database import Base
from portal.kernel.refusals import TooMany
from portal.kernel.scope import Face, everyone
from portal.kernel.words import Text, say


class Counter(Base):
    """Hits of one digest within one window."""

    __tablename__ = "limit_counters"
    __sight__ = {Face.JOB: everyone(), Face.GATE: everyone()}

    digest: Mapped[str] = mapped_column(primary_key=True)
    window_start: Mapped[datetime] = mapped_column(primary_key=True)
    window_end: Mapped[datetime]
    hits: Mapped[int]


TOO_OFTEN = say("操作太频繁，请稍后再试。")


@dataclass(frozen=True)
class Limit:
    """At most `most` hits of `name` for one subject within `seconds`.

    A limit of `failures_only` is looked at by `hit` and counted by `miss`: doing right costs nothing.
    """

    name: str
    most: int
    seconds: int
    sentence: Text = TOO_OFTEN
    failures_only: bool = False


_ADD_HITS = text(
    """
    INSERT INTO limit_counters (digest, window_start, window_end, hits)
    SELECT * FROM unnest(CAST(:digest AS text[]), CAST(:window_start AS timestamptz[]),
                         CAST(:window_end AS timestamptz[]), CAST(:hits AS int[]))
    ON CONFLICT (digest, window_start) DO UPDATE SET hits = limit_counters.hits + excluded.hits
    RETURNING digest, hits
    """
)


_TAKE_BACK = text(
    "UPDATE limit_counters SET hits = hits - 1 WHERE digest = :digest AND window_start = :window_start AND hits > 0"
)


class Gate:
    """Counts hits in transactions of its own. Digests are keyed with the installation's secret."""

    def __init__(self, engine: Engine, clock: Clock, secret: str) -> None:
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._clock = clock
        self._secret = secret.encode()

    def _digest(self, limit: Limit, subject: str) -> str:
        text = f"{limit.name}\0{limit.seconds}\0{subject}".encode("utf-8", "replace")
        return hmac.new(self._secret, text, hashlib.sha256).hexdigest()

    def hit(self, *checks: tuple[Limit, str], field: str | None = None) -> None:
        """Count one hit for each (limit, subject). Raises TooMany for the first limit that is passed."""
        if not checks:
            return
        now = self._clock.now()
        rows = [self._row(limit, subject, now) for limit, subject in checks]
        self._refuse_if_passed(checks, rows, self._count(rows), now, field)

    def miss(self, *checks: tuple[Limit, str]) -> None:
        """Count one failure for each (limit, subject); the next `hit` refuses when there were too many."""
        now = self._clock.now()
        self._count([{**self._row(limit, subject, now), "hits": 1} for limit, subject in checks])

    def pardon(self, *checks: tuple[Limit, str], at: datetime) -> None:
        """Take back what `hit` counted at this moment: a guess that was right."""
        with self._engine.connect() as connection:  # one statement each: no two wait for each other's rows
            for limit, subject in checks:
                row = self._row(limit, subject, at)
                connection.execute(_TAKE_BACK, {"digest": row["digest"], "window_start": row["window_start"]})

    def _count(self, rows: Sequence[dict[str, object]]) -> dict[str, int]:
        """Add each row's hits to its counter; returns the counts by digest."""
        # One fixed order, or two requests counting the same pair of keys could wait for each other.
        ordered = sorted(rows, key=lambda row: str(row["digest"]))
        columns = {name: [row[name] for row in ordered] for name in ("digest", "window_start", "window_end", "hits")}
        with self._engine.connect() as connection:
            return {row.digest: row.hits for row in connection.execute(_ADD_HITS, columns)}

    def _row(self, limit: Limit, subject: str, now: datetime) -> dict[str, object]:
        start = datetime.fromtimestamp(now.timestamp() // limit.seconds * limit.seconds, UTC)
        end = start + timedelta(seconds=limit.seconds)
        digest, hits = self._digest(limit, subject), 0 if limit.failures_only else 1
        return {"digest": digest, "window_start": start, "window_end": end, "hits": hits}

    @staticmethod
    def _refuse_if_passed(
        checks: Sequence[tuple[Limit, str]],
        rows: Sequence[dict[str, object]],
        hits: dict[str, int],
        now: datetime,
        field: str | None,
    ) -> None:
        for (limit, _subject), row in zip(checks, rows, strict=True):
            if hits[str(row["digest"])] + limit.failures_only > limit.most:
                end = row["window_end"]
                assert isinstance(end, datetime)
                wait = max(1, int((end - now).total_seconds()))
                raise TooMany(limit.sentence, retry_after=wait, field=field)

    def forget_old(self) -> int:
        """Remove windows that ended an hour ago; returns how many."""
        with self._engine.connect() as connection:
            done = connection.execute(
                delete(Counter).where(Counter.window_end < self._clock.now() - timedelta(hours=1))
            )
            return done.rowcount
