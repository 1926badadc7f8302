"""Ids of the gateway's shape, which begin with their second: 30c61a2b-000f-5001-9000-1c6d3f0a7b21."""

from typing import TYPE_CHECKING

from sandbox.moments import SECOND

if TYPE_CHECKING:
    from sandbox.gateway import Session

_FIRST_SECOND = 978_307_200  # they count the seconds since 2001


def new_id(session: "Session", *purpose: object) -> str:
    """The id of what begins now."""
    return id_of(session, session.now, *purpose)


def id_of(session: "Session", moment: int, *purpose: object) -> str:
    """The id of what began at a moment."""
    second = moment // SECOND - _FIRST_SECOND
    return f"{second & 0xFFFFFFFF:08x}-000f-5001-9000-{session.chance.hex(12, 'id', *purpose)}"
