"""`python -m demo prepare --accounts N`: build the world, and tell the supervisor what it needs, as JSON."""

import argparse
import json
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kabinet.config.settings")


def main() -> int:
    """Print the sandbox's arguments and the words for the visitor. Return 1 where there must be no demonstration."""
    django.setup()
    from demo import prepare  # noqa: PLC0415  models are there only now

    parser = argparse.ArgumentParser(prog="python -m demo", description="The world of the demonstration.")
    commands = parser.add_subparsers(dest="command", required=True)
    preparing = commands.add_parser("prepare", help="build it in an empty database; does nothing when it is there")
    preparing.add_argument("--accounts", type=int, default=2000, metavar="N", help="how many (2000)")
    options = parser.parse_args()
    try:
        described = prepare.prepare(accounts=options.accounts, say=lambda words: print(words, file=sys.stderr))
    except prepare.Refused as reason:
        print(reason, file=sys.stderr)
        return 1
    print(json.dumps(described, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
