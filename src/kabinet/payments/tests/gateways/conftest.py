"""Every gateway behind one seam: the tests of a contract run over each."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID, uuid4

import httpx
import pytest

from kabinet.payments.gateways import Credentials, Dialect, Gateway, Order, RefundOrder, registry
from sandbox.testing import SECRET_KEY, SHOP_ID, RunningSandbox, running_sandbox

KINDS = ["yookassa", "sberbank", "sberbank_ecom"]


@dataclass(frozen=True)
class Bench:
    """A shop of the sandbox as one gateway knows it."""

    kind: str
    sandbox: RunningSandbox

    @property
    def api_url(self) -> str:
        addresses = {
            "yookassa": self.sandbox.api_url,
            "sberbank": self.sandbox.sberbank_url,
            "sberbank_ecom": self.sandbox.sberbank_ecom_url,
        }
        return addresses[self.kind]

    @property
    def shop(self) -> Gateway:
        return self.open()

    @property
    def dialect(self) -> Dialect:
        return registry.dialect_of(self.kind)

    @property
    def create_path(self) -> str:
        return "*/payments" if self.kind == "yookassa" else "*/register.do"

    @property
    def fetch_path(self) -> str:
        return "*/payments/*" if self.kind == "yookassa" else "*/getOrderStatusExtended.do"

    @property
    def refund_path(self) -> str:
        return "*/refunds" if self.kind == "yookassa" else "*/refund.do"

    def open(self, *, secret: str = SECRET_KEY, api_url: str = "") -> Gateway:
        return registry.open_gateway(
            self.kind, Credentials(shop_id=SHOP_ID, secret=secret, api_url=api_url or self.api_url)
        )

    def body(self, amount: str = "1000.00", *, public_id: UUID | None = None, **values) -> str:
        """Write an order as `start_payment` does."""
        public_id = public_id or uuid4()
        order = Order(
            public_id=public_id,
            amount_rub=Decimal(amount),
            description="Оплата по лицевому счёту 702062012",
            return_url=f"http://127.0.0.1:8000/payments/{public_id}/return/",
            customer_ref="u-17",
            **({"metadata": {"supplier": "1", "shares": f"17.1={amount}"}} | values),
        )
        return self.dialect.payment_body(order)

    def refund_body(self, payment_id: str, amount: str, *, public_id: UUID | None = None) -> str:
        return self.dialect.refund_body(
            RefundOrder(
                public_id=public_id or uuid4(),
                gateway_payment_id=payment_id,
                amount_rub=Decimal(amount),
                description="Возврат переплаты",
            )
        )

    def created(self, amount: str = "1000.00", **values):
        return self.shop.create(self.body(amount, **values), key=uuid4())

    def paid(self, amount: str = "1000.00", **values):
        """A payment that its payer has paid."""
        payment = self.created(amount, **values)
        self.sandbox.pay(payment.id)
        return payment

    def misbehave(self, **rule) -> None:
        self.sandbox.post("/sandbox/rules", {"rules": [rule]})


@pytest.fixture(scope="package")
def sandbox_of_contract():
    with running_sandbox() as running:
        yield running


@pytest.fixture(params=KINDS)
def bench(request, sandbox_of_contract):
    """Each gateway in turn; rules of misbehaviour end with the test."""
    yield Bench(request.param, sandbox_of_contract)
    httpx.delete(f"{sandbox_of_contract.admin_url}/sandbox/rules", trust_env=False)
