"""`python -m bench [--only GROUP]`: measure, print, write bench/latest.json; status 1 when a limit is missed."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable

from bench import availability, checkout, goods, groups, imports, kitchen, ledger, orders, pages, tabs
from bench.installation import Installation, installation
from bench.report import Figure, missed, table, write

GROUPS: dict[str, Callable[[Installation], dict[str, Figure]]] = {
    "nearby_page": groups.nearby_page,
    "redeem": groups.redeem,
    "checkout": checkout.checkout,
    "pages": pages.sql_per_page,
    "web": groups.web,
    "ledger": ledger.ledger,
    "imports": imports.imports,
    "nearby_query": groups.nearby_query,
    "goods_search": goods.goods_search,
    "order_board": orders.order_board,
    "kitchen_poll": kitchen.kitchen_poll,
    "tab_add_line": tabs.tab_add_line,
    "availability_day": availability.availability_day,
}


def main() -> int:
    """Run the groups asked for."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--only", choices=sorted(GROUPS), help="one group")
    chosen = parser.parse_args().only
    figures: dict[str, Figure] = {}
    with installation() as there:
        for name, group in GROUPS.items():
            if chosen in (None, name):
                began = time.monotonic()
                figures |= group(there)
                print(f"{name}: {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    print(table(figures))
    write(figures)
    return 1 if missed(figures) else 0


if __name__ == "__main__":
    sys.exit(main())
