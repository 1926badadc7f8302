"""What follows from what: for each fact, the tasks that the worker runs. One page to read it all."""

from typing import Any

REACTIONS: dict[type[Any], list[str]] = {}
