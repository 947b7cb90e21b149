"""How figures and times look, in both languages."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from portal.kernel.figures import (
    THIN,
    say_count,
    say_day,
    say_discount,
    say_distance,
    say_monthly_sales,
    say_time,
    say_yuan,
)


@pytest.mark.parametrize(
    ("fen", "text"),
    [
        (1250, "¥12.50"),
        (0, "¥0.00"),
        (5, "¥0.05"),
        (-1250, "−¥12.50"),
        (999_999, "¥9999.99"),
        (1_000_000, f"¥10{THIN}000.00"),
        (123_456_789, f"¥1{THIN}234{THIN}567.89"),
    ],
)
def test_yuan(fen, text):
    assert say_yuan(fen) == text


@pytest.mark.parametrize(
    ("metres", "text"),
    [
        (0, "10 m"),
        (4, "10 m"),
        (860, "860 m"),
        (994, "990 m"),
        (995.1, "1.0 km"),
        (3449, "3.4 km"),
        (99949, "99.9 km"),
        (128_400, "128 km"),
    ],
)
def test_distance(metres, text):
    assert say_distance(metres) == text


def test_discounts_and_counts():
    assert [say_discount(85), say_discount(80), say_discount(5)] == ["8.5 折", "8 折", "0.5 折"]
    assert say_discount(85, "en") == "15% off"
    assert [say_count(n) for n in (0, 1200, 9999, 10_000, 12_999, 345_600_000)] == [
        "0", "1200", "9999", "1 万", "1.2 万", "3.4 亿"
    ]  # fmt: skip
    assert say_count(12_345, "en_GB") == "12,345"
    assert [say_monthly_sales(n) for n in (36, 1234, 12_900)] == ["月售 36", "月售 1200+", "月售 1.2 万+"]
    assert say_monthly_sales(1234, "en") == "1,200+ sold this month"


def test_days_and_times_are_shanghais():
    at = datetime(2025, 7, 5, 6, 30, tzinfo=UTC)
    assert say_time(at) == "14:30"
    assert say_day(date(2025, 7, 5)) == "7 月 5 日 周六"
    assert say_day(date(2025, 7, 5), "zh_Hans_CN", today=date(2026, 1, 1)) == "2025 年 7 月 5 日 周六"
    assert say_day(date(2025, 7, 5), "en", today=date(2026, 1, 1)) == "Sat 5 Jul 2025"


def test_the_small_hours_belong_to_the_next_day():
    two = datetime(2025, 7, 5, 18, 0, tzinfo=UTC)
    assert say_time(two) == "02:00"
    assert say_time(two, day=date(2025, 7, 5)) == "次日 02:00"
    assert say_time(two, "en", day=date(2025, 7, 5)) == "02:00 next day"
    assert say_time(two, day=date(2025, 7, 6)) == "02:00"
    assert say_time(two, day=date(2025, 7, 1)) == "7 月 6 日 周日 02:00"
