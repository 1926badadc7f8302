"""Set-based statements of accrual, one a file: what `rules` say of one account, done for thousands at once.

A test over generated accounts holds `plain_lines.sql` and `rules.accrue` equal to the kopeck and the letter.
"""

from functools import cache
from importlib.resources import files


@cache
def statement(name: str) -> str:
    """Give the text of a statement by the name of its file."""
    return files(__package__).joinpath(f"{name}.sql").read_text(encoding="utf-8")
