import pytest

from kabinet.common.testing import NOW
from sandbox.testing import running_sandbox


@pytest.fixture(scope="session")
def running_gateway():
    with running_sandbox() as running:
        running.post("/sandbox/clock", {"set": NOW.isoformat().replace("+00:00", "Z")})
        yield running


@pytest.fixture
def gateway(running_gateway, settings):
    """The sandbox gateway over HTTP, without faults."""
    settings.YOOKASSA_URL = running_gateway.api_url
    return running_gateway


@pytest.fixture
def faulty_gateway(settings):
    """Start a gateway that misbehaves by rules: `faulty_gateway({"match": …, "action": …})`."""
    started = []

    def start(*rules):
        manager = running_sandbox(rules=rules)
        gateway = manager.__enter__()
        started.append(manager)
        gateway.post("/sandbox/clock", {"set": NOW.isoformat().replace("+00:00", "Z")})
        settings.YOOKASSA_URL = gateway.api_url
        return gateway

    yield start
    for manager in started:
        manager.__exit__(None, None, None)
