from kabinet.payments.tests.conftest import gateway, running_gateway

__all__ = ["gateway", "running_gateway"]
