"""What staff do leaves an entry: every use-case that a view of the office calls notes it, or says here why it does not.

Found in the code: from each use-case the calls are followed, through operations, until one of them is `audit.note`.
"""

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator
from importlib import import_module
from pkgutil import walk_packages
from types import ModuleType
from typing import Any

import pytest

import kabinet.web.backoffice.views as views
from kabinet.audit.operations import note

#: Use-cases of the office that change nothing that somebody decides.
WITHOUT_ENTRY = {
    "ask_host_key": "asks a server who it is; trust_host_key decides that it is the right one",
    "ask_register": "has the worker make the file; make_register notes it in the name of whoever asked",
    "reconcile_day": "asks the gateway once more; a day is decided by close_day",
    "settle_payment": "asks the gateway; the payment becomes what the gateway says",
    "try_terms": "shows what proposed terms would do, and takes it back",
    "try_notice": "writes to the one who tries, nobody else",
}


def modules() -> Iterator[ModuleType]:
    yield views
    for found in walk_packages(views.__path__, f"{views.__name__}."):
        yield import_module(found.name)


def usecases() -> dict[str, Callable[..., Any]]:
    return {
        name: value
        for module in modules()
        for name, value in vars(module).items()
        if inspect.isfunction(value) and ".usecases." in value.__module__
    }


def called_by(function: Callable[..., Any]) -> Iterator[Callable[..., Any]]:
    """Give the functions of ours that a function names, by what its module knows under these names."""
    function = inspect.unwrap(function)
    known = function.__globals__
    for node in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(function)))):
        found = None
        if isinstance(node, ast.Name):
            found = known.get(node.id)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            found = getattr(known.get(node.value.id), node.attr, None)
        if inspect.isfunction(found) and found.__module__.startswith("kabinet."):
            yield found


def notes(function: Callable[..., Any]) -> bool:
    wanted, seen, waiting = inspect.unwrap(note), set(), [function]
    while waiting:
        one = inspect.unwrap(waiting.pop())
        if one is wanted:
            return True
        if one not in seen:
            seen.add(one)
            waiting.extend(called_by(one))
    return False


@pytest.mark.parametrize("name", sorted(usecases()))
def test_what_staff_do_is_noted(name: str) -> None:
    assert notes(usecases()[name]) is (name not in WITHOUT_ENTRY)


def test_each_exception_is_still_one() -> None:
    assert set(WITHOUT_ENTRY) <= set(usecases())
