"""One demonstration for all journeys of a run."""

from collections.abc import Iterator

import pytest

from tests.demonstration import Demonstration, running


@pytest.fixture(scope="session")
def demonstration(browser_type_launch_args: dict[str, object]) -> Iterator[Demonstration]:
    """Ask for the browser first: without Chromium there is no point in starting anything."""
    with running() as started:
        yield started
