"""Issue a certificate: the account owes nothing, and a paper says so."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from kabinet.accounts import operations as accounts
from kabinet.accounts import queries as holders
from kabinet.bills import queries
from kabinet.bills.formats import check_code
from kabinet.bills.models import Certificate
from kabinet.charges import queries as charges
from kabinet.common.db import usecase
from kabinet.common.errors import Refusal
from kabinet.common.money import ZERO
from kabinet.ledger import queries as ledger
from kabinet.people.models import User
from kabinet.suppliers import queries as suppliers


class NotOffered(Refusal):
    code = "certificate-not-offered"
    message = _("Этот поставщик не выдаёт справки через кабинет. Обратитесь к нему напрямую.")


class HasDebt(Refusal):
    code = "certificate-has-debt"
    message = _(
        "По счёту есть долг %(debt_rub)s ₽. Оплатите его: справку можно получить, как только оплата поступит на счёт."
    )


class NothingCharged(Refusal):
    code = "certificate-nothing-charged"
    message = _("По счёту ещё ничего не начислено. Справку можно получить после первого начисления.")


@usecase
def issue_certificate(*, supplier_id: int, account_id: int, actor: User, now: dt.datetime) -> Certificate:
    """Keep a certificate that the account owes nothing for any service today. The same day again gives the same one.

    Raises NotOffered, HasDebt, NothingCharged, FullAccessRequired; NotFound for a stranger.
    Source: docs/adr/0129.
    """
    account = accounts.lock_account(supplier_id, account_id, visible_to=actor)
    card = holders.account_card(supplier_id, account_id, visible_to=actor, level=holders.FULL)
    supplier = suppliers.supplier_card(supplier_id)
    if not supplier.offers_certificates:
        raise NotOffered
    today = suppliers.local_day(now, supplier)

    balances = ledger.balances_by_service(supplier_id, account_id)
    if debt_rub := queries.debt_rub(supplier_id, account_id):
        raise HasDebt(debt_rub=debt_rub)
    if not balances:
        raise NothingCharged
    if earlier := queries.certificate_of_day(supplier_id, account_id, today):
        return earlier

    return Certificate.objects.create(
        supplier_id=supplier_id,
        account=account,
        code=check_code.new_code(),
        stated_on=today,
        charged_period=charges.last_charged_period(supplier_id, account_id),
        advance_rub=-sum((service.balance_rub for service in balances), ZERO),
        account_number=account.number,
        payer_name=card.payer_name,
        address=card.address,
        issued_to=actor,
        issued_at=now,
    )
