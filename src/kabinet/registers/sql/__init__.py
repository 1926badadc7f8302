"""Set-based statements of registers, one a file: a million lines are judged, written and taken back by few of them."""

from functools import cache
from importlib.resources import files


@cache
def statement(name: str) -> str:
    """Give the text of a statement by the name of its file."""
    return files(__package__).joinpath(f"{name}.sql").read_text(encoding="utf-8")
