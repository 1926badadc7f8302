"""What happens between an account of the demonstration and its supplier, each thing on its own day."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db import transaction

from demo.online import WORLD
from kabinet.accounts.models import Account
from kabinet.accounts.operations import lock_account
from kabinet.charges.models import Charge, Proposal
from kabinet.charges.operations import allocate_payment
from kabinet.charges.usecases.accrue_month import accrue_month
from kabinet.charges.usecases.approve_document import approve_document
from kabinet.charges.usecases.propose_document import propose_document
from kabinet.common.month import Month
from kabinet.ledger import operations as ledger
from kabinet.ledger import queries as books
from kabinet.meters.models import Meter
from kabinet.meters.rules import NewMeter, NewScale
from kabinet.meters.usecases.close_account import close_account
from kabinet.meters.usecases.install_meter import install_meter
from kabinet.meters.usecases.replace_meter import replace_meter
from kabinet.meters.usecases.submit_reading import submit_reading
from kabinet.people.models import User
from kabinet.suppliers import queries as suppliers
from kabinet.tariffs.models import Benefit
from kabinet.tariffs.usecases.grant_benefit import grant_benefit

BANK_PAYMENT = "bank_payment"


@dataclass
class Life:
    """An account and those who deal with it.

    shows_m3  what the meter shows
    acts      how many things have happened: each has its own id, the same in every world
    """

    account: Account
    customer: User
    keeper: User
    accountant: User
    second_accountant: User
    meter: Meter | None = None
    shows_m3: Decimal = Decimal(0)
    acts: int = field(default=0)

    @property
    def supplier_id(self) -> int:
        return self.account.supplier_id

    def at(self, on: dt.date, hour: int = 12) -> dt.datetime:
        return dt.datetime.combine(on, dt.time(hour), tzinfo=ZoneInfo(self.account.supplier.time_zone))

    def begins(self, on: dt.date) -> None:
        """Two people sign a contract."""
        self.account.opened_on, self.account.residents_count = on, 2
        self.account.save(update_fields=["opened_on", "residents_count"])

    def gets_meter(self, serial_number: str, shows: int, *, on: dt.date, due_on: dt.date) -> None:
        self.meter = install_meter(
            supplier_id=self.supplier_id,
            account_id=self.account.id,
            new=_new_meter(serial_number, shows, due_on),
            installed_on=on,
            request_id=self._request_id(),
            actor=self.keeper,
            now=self.at(on),
        )
        self.shows_m3 = Decimal(shows)

    def uses(self, used_m3: int, *, on: dt.date) -> None:
        """The customer hands in a reading, so much above the one before."""
        self.shows_m3 += used_m3
        submit_reading(
            supplier_id=self.supplier_id,
            meter_id=self._meter.id,
            value_m3=self.shows_m3,
            taken_on=on,
            request_id=self._request_id(),
            actor=self.customer,
            now=self.at(on, 19),
        )

    def gets_another_meter(self, serial_number: str, *, used_m3: int, on: dt.date, due_on: dt.date) -> None:
        self.meter = replace_meter(
            supplier_id=self.supplier_id,
            meter_id=self._meter.id,
            closing_m3={"T1": self.shows_m3 + used_m3},
            new=_new_meter(serial_number, 0, due_on),
            replaced_on=on,
            request_id=self._request_id(),
            actor=self.keeper,
            now=self.at(on),
        )
        self.shows_m3 = Decimal(0)

    def gets_benefit(self, benefit: Benefit, *, on: dt.date) -> None:
        grant_benefit(
            supplier_id=self.supplier_id,
            account_id=self.account.id,
            benefit_id=benefit.id,
            valid_from=on,
            valid_until=None,
            document="Удостоверение ветерана труда",
            actor=self.keeper,
            now=self.at(on),
        )

    def moves_out(self, *, used_m3: int, on: dt.date) -> None:
        closing: Mapping[int, Mapping[str, Decimal]] = {self._meter.id: {"T1": self.shows_m3 + used_m3}}
        close_account(
            supplier_id=self.supplier_id,
            account_id=self.account.id,
            last_day=on,
            closing_m3=closing,
            request_id=self._request_id(),
            actor=self.keeper,
            now=self.at(on),
        )

    def is_lowered(self, amount: str, reason: str, *, on: dt.date) -> None:
        """One accountant proposes that less is owed, another approves the same day."""
        proposal = self.is_to_be_lowered(amount, reason, at=self.at(on))
        approve_document(
            supplier_id=self.supplier_id,
            proposal_id=proposal.id,
            actor=self.second_accountant,
            now=self.at(on, 15),
        )

    def is_to_be_lowered(self, amount: str, reason: str, *, at: dt.datetime) -> Proposal:
        """An accountant proposes that less is owed: it waits for another."""
        return propose_document(
            supplier_id=self.supplier_id,
            account_id=self.account.id,
            service_id=suppliers.main_service_id(self.supplier_id),
            kind="adjustment",
            amount_rub=Decimal(amount),
            reason=reason,
            request_id=self._request_id(),
            actor=self.accountant,
            now=at,
        )

    def is_charged(self, period: Month) -> None:
        """A month is charged in the night after it."""
        accrue_month(
            supplier_id=self.supplier_id,
            account_id=self.account.id,
            period=period,
            now=self.at(period.next().first_day, 5),
        )

    def pays_debt(self, *, on: dt.date) -> None:
        """At a bank, all that is owed."""
        self._pay(
            {each.service_id: each.balance_rub for each in self._balances() if each.balance_rub > 0},
            on=on,
        )

    def pays(self, amount: str, *, on: dt.date) -> None:
        """At a bank, a sum for gas."""
        self._pay({suppliers.main_service_id(self.supplier_id): Decimal(amount)}, on=on)

    def pays_month(self, period: Month, *, on: dt.date) -> None:
        """At a bank, what gas of a month costs, and no other month."""
        gas_id = suppliers.main_service_id(self.supplier_id)
        self._pay({gas_id: self._charged_rub(period, gas_id)}, on=on, named=period)

    @property
    def _meter(self) -> Meter:
        if self.meter is None:
            raise LookupError("this account has no meter")
        return self.meter

    def _request_id(self) -> uuid.UUID:
        self.acts += 1
        return uuid.uuid5(WORLD, f"story/{self.account.number}/{self.acts}")

    def _balances(self) -> list[books.ServiceBalance]:
        return books.balances_by_service(self.supplier_id, self.account.id)

    def _charged_rub(self, period: Month, service_id: int) -> Decimal:
        lines = Charge.objects.filter(
            supplier_id=self.supplier_id, account=self.account, period=period, service_id=service_id
        )
        return sum(lines.values_list("amount_rub", flat=True), Decimal(0))

    def _pay(self, amounts_rub: Mapping[int, Decimal], *, on: dt.date, named: Month | None = None) -> None:
        with transaction.atomic():
            self._post_payment(amounts_rub, on=on, named=named)

    def _post_payment(self, amounts_rub: Mapping[int, Decimal], *, on: dt.date, named: Month | None) -> None:
        lock_account(self.supplier_id, self.account.id)
        bank_id = ledger.supplier_book(self.supplier_id, "bank")
        movements = [
            ledger.Movement(
                bank_id,
                ledger.customer_book(self.supplier_id, self.account.id, service_id),
                amount_rub,
                "payment",
                Month.of(on),
                on,
            )
            for service_id, amount_rub in amounts_rub.items()
            if amount_rub > 0
        ]
        if movements:
            posted = ledger.post(
                supplier_id=self.supplier_id,
                source_kind=BANK_PAYMENT,
                source_id=f"{self.account.id}-{on}",
                movements=movements,
                now=self.at(on, 15),
            )
            allocate_payment(self.supplier_id, self.account.id, posted, named=named)


def _new_meter(serial_number: str, shows: int, due_on: dt.date) -> NewMeter:
    return NewMeter(
        serial_number=serial_number,
        digits=5,
        scales=(NewScale("T1", Decimal(shows)),),
        model_name="ВК-G4",
        location="кухня",
        verification_due_on=due_on,
    )
