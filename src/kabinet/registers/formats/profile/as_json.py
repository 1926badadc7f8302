"""Profiles as JSON: the names are those of the dataclasses, a tuple is a list."""

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from kabinet.registers.formats.profile.parts import (
    LONGEST_WORD,
    MOST_COLUMNS,
    Column,
    Footer,
    Only,
    Part,
    ProfileInvalid,
)

_NOT_SUCH = _("В формате неверно записано «%(name)s».")
_UNKNOWN = _("В формате нет такого свойства: «%(name)s».")
_MISSING = _("В формате не хватает: «%(name)s».")


def built(cls: Callable[..., Any], data: Any, where: str) -> Any:
    """Make a profile, or a part of one, of what JSON has. Raises ProfileInvalid."""
    if not isinstance(data, Mapping):
        raise ProfileInvalid(where, _NOT_SUCH, name=where)
    known = {field.name: field for field in dataclasses.fields(cls)}  # type: ignore[arg-type]
    for name in data:
        if name not in known:
            raise ProfileInvalid(where, _UNKNOWN, name=str(name)[:LONGEST_WORD])
    for name, its in known.items():
        if name not in data and its.default is its.default_factory is dataclasses.MISSING:
            raise ProfileInvalid(name, _MISSING, name=name)
    return cls(**{name: _READ[str(known[name].type)](value, name) for name, value in data.items()})


def _text(value: Any, name: str) -> str:
    if not isinstance(value, str) or len(value) > LONGEST_WORD or "\0" in value:
        raise ProfileInvalid(name, _NOT_SUCH, name=name)
    return value


def _flag(value: Any, name: str) -> bool:
    if not isinstance(value, bool):
        raise ProfileInvalid(name, _NOT_SUCH, name=name)
    return value


def _whole(value: Any, name: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise ProfileInvalid(name, _NOT_SUCH, name=name)
    return value


def _optional(read: Callable[[Any, str], Any]) -> Callable[[Any, str], Any]:
    return lambda value, name: None if value is None else read(value, name)


def _many(read: Callable[[Any, str], Any]) -> Callable[[Any, str], Any]:
    def read_all(value: Any, name: str) -> tuple[Any, ...]:
        if not isinstance(value, list | tuple) or len(value) > MOST_COLUMNS:
            raise ProfileInvalid(name, _NOT_SUCH, name=name)
        return tuple(read(item, name) for item in value)

    return read_all


def _pairs(value: Any, name: str) -> dict[str, str]:
    if not isinstance(value, Mapping):
        raise ProfileInvalid(name, _NOT_SUCH, name=name)
    return {_text(key, name): _text(item, name) for key, item in value.items()}


_READ: Mapping[str, Callable[[Any, str], Any]] = {
    "str": _text,
    "bool": _flag,
    "int": _whole,
    "int | None": _optional(_whole),
    "tuple[str, ...]": _many(_text),
    "Mapping[str, str]": _pairs,
    "Footer | None": _optional(lambda value, name: built(Footer, value, name)),
    "tuple[Column, ...]": _many(lambda value, name: built(Column, value, name)),
    "tuple[Part, ...]": _many(lambda value, name: built(Part, value, name)),
    "tuple[Only, ...]": _many(lambda value, name: built(Only, value, name)),
}


def without_defaults(item: Any) -> Any:
    """Give a dataclass as JSON has it, without what is as usual."""
    if isinstance(item, tuple):
        return [without_defaults(one) for one in item]
    if isinstance(item, Mapping):
        return dict(item)
    if not dataclasses.is_dataclass(item):
        return item
    return {
        its.name: without_defaults(value)
        for its in dataclasses.fields(item)
        if (value := getattr(item, its.name)) != _default(its)
    }


def _default(its: dataclasses.Field[Any]) -> Any:
    return its.default_factory() if its.default_factory is not dataclasses.MISSING else its.default
