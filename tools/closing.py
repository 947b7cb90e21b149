"""A pytest plugin: the last words of a run. Which tests were skipped and why, and what failed, once more.

What passed is printed after what failed when `-rP` is given; a reader of only the end would not see what went wrong.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

LINES = 25


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """One line per reason with how many tests it cost, then the end of every failure; nothing when all is well."""
    _skipped(terminalreporter)
    if terminalreporter.hasopt("P"):
        _failed(terminalreporter)


def _skipped(reporter: Any) -> None:
    reasons: Counter[str] = Counter()
    for report in reporter.getreports("skipped"):
        if isinstance(report.longrepr, tuple):
            reasons[str(report.longrepr[2]).removeprefix("Skipped: ")] += 1
    if not reasons:
        return
    reporter.section("NOT TESTED HERE", sep="!", yellow=True, bold=True)
    for reason, count in reasons.most_common():
        reporter.line(f"{count:5}  {reason}", yellow=True)


def _failed(reporter: Any) -> None:
    for report in (*reporter.getreports("failed"), *reporter.getreports("error")):
        reporter.section(f"FAILED {report.nodeid} ({report.when})", sep="!", red=True, bold=True)
        for line in report.longreprtext.splitlines()[-LINES:]:
            reporter.line(line)
