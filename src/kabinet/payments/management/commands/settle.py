"""./kabinet manage settle --payment ID: ask the gateway about one payment now."""

from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from kabinet.common.errors import Rejected, Unavailable
from kabinet.payments import queries
from kabinet.payments.usecases.settle_payment import settle_payment


class Command(BaseCommand):
    help = "Ask the gateway about one payment and write down what it says. Exit 1 when it is not known or not answered."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--payment", type=UUID, required=True, help="the number in the payment's address")

    def handle(self, *args: Any, payment: UUID, **options: Any) -> None:
        key = queries.payment_key(payment)
        if key is None:
            raise CommandError(f"there is no payment {payment}")
        try:
            settled = settle_payment(supplier_id=key[0], payment_id=key[1], now=timezone.now())
        except (Unavailable, Rejected) as reason:
            raise CommandError(f"the gateway did not say: {reason}") from reason
        self.stdout.write(f"{payment}: {settled.state}{f', {settled.alarm}' if settled.alarm else ''}")
