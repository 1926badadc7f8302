"""Letters to those who run the installation."""

import datetime as dt

import pytest

from kabinet.accounts.tests.factories import make_account
from kabinet.common.testing import NOW
from kabinet.letters.tests.test_payments import tell
from kabinet.payments.facts import NightFoundTrouble, ShopRefused
from kabinet.payments.models import NightCheck
from kabinet.payments.tests.factories import make_shop
from kabinet.suppliers.tests.factories import make_supplier

pytestmark = pytest.mark.django_db

NIGHT = dt.date(2026, 11, 23)


def make_check(name, *found):
    NightCheck.objects.create(
        name=name, night=NIGHT, ran_at=NOW, is_good=not found, found_count=len(found), found=found
    )


def test_a_night_is_told_with_what_it_found_and_nothing_else(mailoutbox, settings):
    make_check("check_ledger")
    day = {"supplier": make_supplier(name="Межрегионгаз Калуга").id, "shop": "100500", "day": "2026-11-22"}
    line = {"what": "only_ours", "kind": "payment", "subject": "30c61a2b", "ours_rub": "100.00", "theirs_rub": None}
    make_check("reconcile", {**day, **line}, {**day, "silence": "<b>"})

    tell(NightFoundTrouble(night=NIGHT))

    (letter,) = mailoutbox
    assert (letter.to, letter.subject) == ([settings.SUPPORT_EMAIL], "Ночная проверка денег: нужен человек")
    assert "В ночь на 23.11.2026" in letter.body
    assert "«Вчерашний день сверен с платёжными системами». Найдено: 2." in letter.body
    assert "Межрегионгаз Калуга: магазин 100500 за 22.11.2026, платёж 30c61a2b — есть у нас, у них нет" in letter.body
    assert "<b>" in letter.body
    assert "Книга сходится" not in letter.body


def test_a_refused_shop_is_named_without_its_key(mailoutbox, settings):
    shop = make_shop(make_account().supplier, secret="live_verysecret", refused_at=NOW, refusal="invalid_credentials")

    tell(ShopRefused(supplier_id=shop.supplier_id, shop_id=shop.id))

    (letter,) = mailoutbox
    assert letter.to == [settings.SUPPORT_EMAIL]
    assert f"{shop.supplier.name}: магазин «Тестовый магазин» (100500) не может принимать оплату." in letter.body
    assert "invalid_credentials" in letter.body
    assert "live_verysecret" not in letter.body
