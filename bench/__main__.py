"""./kabinet bench [NAME] [--json FILE]: measure, and print ours, the limit and their ratio."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from bench import accrual, bills, office, pages, payments, registers, search
from bench.rows import Row, table, write_json


def main() -> None:
    benches: dict[str, Callable[..., list[Row]]] = {
        "accrual": accrual.measure,
        "bills": bills.measure,
        "office": office.measure,
        "pages": pages.measure,
        "payments": payments.measure,
        "registers": registers.measure,
        "search": search.measure,
    }
    parser = argparse.ArgumentParser(prog="./kabinet bench", description=__doc__)
    parser.add_argument("name", nargs="?", choices=sorted(benches), help="one measurement; all without a name")
    parser.add_argument("--json", type=Path, metavar="FILE", help="keep the rows in a file too")
    parser.add_argument("--accounts", type=int, default=1_000_000, help="size of the large world (%(default)s)")
    parser.add_argument("--lines", type=int, default=1_000_000, help="of a supplier's register (%(default)s)")
    parser.add_argument("--seconds", type=float, default=8, help="how long each page is read (%(default)s)")
    arguments = parser.parse_args()

    sizes = {"registers": {"lines": arguments.lines}}
    usual = {"accounts": arguments.accounts, "seconds": arguments.seconds}
    rows = []
    for name in [arguments.name] if arguments.name else sorted(benches):
        rows += benches[name](**sizes.get(name, usual))
    print(table(rows))
    if arguments.json:
        write_json(rows, arguments.json)
    sys.exit(0)


if __name__ == "__main__":
    main()
