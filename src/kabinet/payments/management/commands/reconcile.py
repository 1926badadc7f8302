"""./kabinet manage reconcile --date 2026-11-20: compare a day with the gateways; exit 1 when it is not closed."""

import datetime as dt
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from kabinet.common.days import day_start
from kabinet.common.errors import Refusal, Rejected, Unavailable
from kabinet.payments import rules
from kabinet.payments.gateways.registers import decode
from kabinet.payments.models import ReconciliationDay, Shop
from kabinet.payments.queries.reconciliation import lines_of_day
from kabinet.payments.queries.sides import shops_that_take_payments, shops_to_reconcile
from kabinet.payments.usecases.load_statement import load_statement
from kabinet.payments.usecases.reconcile_day import reconcile_day
from kabinet.payments.usecases.restore_payments import restore_payments


class Command(BaseCommand):
    help = (
        "Compare a Moscow day with each gateway's list and register, and print every line that is not equal. "
        "Exit 1 when a day stays open. --restore rebuilds the payments that a gateway remembers and we do not."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--date", type=dt.date.fromisoformat, help="the day, counted as Moscow does")
        parser.add_argument("--supplier", default="", help="code of one supplier; without it, all")
        parser.add_argument(
            "--shop", dest="number", default="", help="the gateway's number of one shop; without it, all"
        )
        parser.add_argument("--register", type=Path, help="the gateway's file of payments of that day")
        parser.add_argument("--refunds", type=Path, help="the gateway's file of refunds of that day")
        parser.add_argument("--restore", action="store_true", help="rebuild payments that our database has lost")
        parser.add_argument("--since", type=dt.date.fromisoformat, help="with --restore: from which day on")

    def handle(
        self,
        *args: Any,
        date: dt.date | None,
        supplier: str,
        number: str,
        register: Path | None,
        refunds: Path | None,
        restore: bool,
        since: dt.date | None,
        **options: Any,
    ) -> None:
        shops = shops_to_reconcile(date, supplier) if date else shops_that_take_payments(supplier)
        shops = [shop for shop in shops if number in ("", shop.shop_id)]
        if not shops:
            raise CommandError(f"no shop takes payments for {supplier or 'any supplier'}")
        if restore:
            if since is None or date is not None:
                raise CommandError("--restore needs --since, and takes no --date")
            results = [self._restore(shop, since) for shop in shops]
        elif date is None:
            raise CommandError("--date is needed, or --restore with --since")
        else:
            if register or refunds:
                if len(shops) != 1:
                    raise CommandError("a register is of one shop: name it with --supplier and --shop")
                self._load(shops[0], date, register, refunds)
            results = [self._reconcile(shop, date) for shop in shops]
        if not all(results):
            raise SystemExit(1)

    def _load(self, shop: Shop, day: dt.date, register: Path | None, refunds: Path | None) -> None:
        try:
            load_statement(
                supplier_id=shop.supplier_id,
                shop_id=shop.id,
                day=day,
                payments_text=decode(register.read_bytes()) if register else None,
                refunds_text=decode(refunds.read_bytes()) if refunds else None,
                payments_name=register.name if register else "",
                refunds_name=refunds.name if refunds else "",
                actor=None,
                now=timezone.now(),
            )
        except (Refusal, OSError) as reason:
            raise CommandError(str(reason)) from reason

    def _reconcile(self, shop: Shop, day: dt.date) -> bool:
        name = _name(shop)
        try:
            reconciled = reconcile_day(supplier_id=shop.supplier_id, shop_id=shop.id, day=day, now=timezone.now())
        except (Unavailable, Rejected) as reason:
            self.stdout.write(f"{name} {day}: the gateway did not say: {reason}")
            return False
        register = "register loaded" if reconciled.has_register else "no register"
        self.stdout.write(
            f"{name} {day}: {reconciled.state}, {reconciled.equal_count} equal, {reconciled.equal_rub} RUB, {register}"
        )
        for line in lines_of_day(reconciled):
            end = "gone" if line.is_gone else f"noted: {line.note}" if line.note else "open"
            self.stdout.write(
                f"  {line.finding} {line.kind} {line.subject}: ours {line.ours_rub}, theirs {line.theirs_rub}, {end}"
            )
        return reconciled.state == ReconciliationDay.State.CLOSED

    def _restore(self, shop: Shop, since: dt.date) -> bool:
        try:
            restored = restore_payments(
                supplier_id=shop.supplier_id,
                shop_id=shop.id,
                since=day_start(since, rules.GATEWAY_ZONE),
                now=timezone.now(),
            )
        except (Unavailable, Rejected) as reason:
            self.stdout.write(f"{_name(shop)}: the gateway did not say: {reason}")
            return False
        for payment in restored:
            self.stdout.write(f"  {payment.public_id} {payment.amount_rub} RUB {payment.state}")
        self.stdout.write(f"{_name(shop)}: {len(restored)} restored")
        return True


def _name(shop: Shop) -> str:
    return f"{shop.supplier.code} {shop.gateway}:{shop.shop_id}"
