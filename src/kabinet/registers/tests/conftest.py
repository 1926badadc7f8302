from kabinet.payments.tests.conftest import faulty_gateway, gateway, running_gateway

__all__ = ["faulty_gateway", "gateway", "running_gateway"]
