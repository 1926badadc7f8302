from collections.abc import Iterator

import pytest

from sandbox.testing import RunningSandbox, running_sandbox
from sandbox.tests.shop import Ear, Shop


@pytest.fixture(scope="module")
def sandbox() -> Iterator[RunningSandbox]:
    """One sandbox for a file of tests; none of them may move its clock or break its rules for the others."""
    with running_sandbox(shops=["100500:test_sandbox:ООО «Пример»", "100501:test_other"]) as running:
        yield running


@pytest.fixture(scope="session")
def _resettable_sandbox() -> Iterator[RunningSandbox]:
    with running_sandbox() as running:
        yield running


@pytest.fixture
def own_sandbox(_resettable_sandbox: RunningSandbox) -> RunningSandbox:
    """A sandbox that a test has for itself, as if it had just been started; only its process must be left alone."""
    _resettable_sandbox.reset()
    return _resettable_sandbox


@pytest.fixture
def shop(sandbox: RunningSandbox) -> Shop:
    return Shop(sandbox)


@pytest.fixture
def ear() -> Iterator[Ear]:
    ear = Ear()
    yield ear
    ear.close()
