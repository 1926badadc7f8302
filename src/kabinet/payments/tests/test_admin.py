"""Shops in the admin."""

from decimal import Decimal

import pytest
from django.contrib import admin
from django.test import RequestFactory
from django.urls import reverse

from kabinet.accounts.tests.factories import make_account
from kabinet.common.testing import NOW
from kabinet.payments.admin import ShopForm
from kabinet.payments.models import Shop
from kabinet.payments.tests.factories import make_accountant, make_payer, make_payment, make_receipt_terms, make_shop
from kabinet.people.tests.factories import make_user
from kabinet.suppliers.tests.factories import make_bank_details

pytestmark = pytest.mark.django_db


def filled(shop: Shop | None = None, *, supplier=None, **values) -> ShopForm:
    request = RequestFactory().get("/")
    request.user = make_user(is_staff=True, is_superuser=True)
    form_class = admin.site._registry[Shop].get_form(request, shop, change=shop is not None, fields=None)
    data = {
        "supplier": (shop or supplier).pk if supplier else shop.supplier_id,
        "gateway": "yookassa",
        "title": "Магазин",
        "shop_id": "100500",
        "hook_version": "1",
        "is_enabled": "on",
        "commission_by": "supplier",
        "commission_percent": "0",
        "least_amount_rub": "1.00",
        "greatest_amount_rub": "350000.00",
        "greatest_sbp_rub": "700000.00",
        "refund_alone_rub": "3000.00",
    }
    return form_class(data | values, instance=shop)


def test_a_new_shop_needs_its_key():
    form = filled(supplier=make_account().supplier)

    assert list(form.errors) == ["new_secret"]


def test_a_key_that_is_typed_in_is_sealed_and_never_shown():
    form = filled(supplier=make_account().supplier, new_secret="live_verysecret")
    assert form.is_valid(), form.errors

    shop = form.save()

    assert Shop.objects.get(pk=shop.pk).secret == "live_verysecret"
    assert "live_verysecret" not in str(filled(shop, new_secret="live_verysecret"))


def test_an_empty_key_leaves_the_old_one():
    shop = make_shop(make_account().supplier, secret="live_verysecret")

    form = filled(shop, title="Новое имя")
    assert form.is_valid(), form.errors
    form.save()

    saved = Shop.objects.get(pk=shop.pk)
    assert (saved.title, saved.secret, saved.least_amount_rub) == ("Новое имя", "live_verysecret", Decimal("1.00"))


def test_a_key_of_signatures_is_sealed_kept_and_dropped():
    form = filled(
        supplier=make_account().supplier, gateway="sberbank", new_secret="password", new_callback_key="verysecret"
    )
    assert form.is_valid(), form.errors
    shop = form.save()
    assert (shop.callback_key, "verysecret" in shop.sealed_callback_key) == ("verysecret", False)

    kept = filled(shop, gateway="sberbank")
    assert kept.is_valid(), kept.errors
    kept.save()
    assert Shop.objects.get(pk=shop.pk).callback_key == "verysecret"

    dropped = filled(shop, gateway="sberbank", drops_callback_key="on")
    assert dropped.is_valid(), dropped.errors
    dropped.save()
    assert Shop.objects.get(pk=shop.pk).callback_key == ""


@pytest.mark.parametrize(
    ("gateway", "field", "value"),
    [
        ("sberbank", "sends_payment_order", "on"),
        ("sberbank_ecom", "sends_payment_order", "on"),
        ("sberbank_ecom", "new_callback_key", "key"),
        ("yookassa", "new_callback_key", "key"),
    ],
)
def test_what_a_protocol_does_not_have_is_refused(gateway, field, value):
    form = filled(supplier=make_account().supplier, new_secret="key", gateway=gateway, **{field: value})

    assert list(form.errors) == [field]


def test_the_form_shows_every_field_that_can_be_set():
    shown = {name for _, part in admin.site._registry[Shop].fieldsets for name in part["fields"]}

    assert {field.name for field in Shop._meta.fields if field.editable and not field.primary_key} <= shown


def test_the_page_of_a_shop_opens():
    shop = make_shop(make_account().supplier)
    request = RequestFactory().get(reverse("admin:payments_shop_change", args=[shop.pk]))
    request.user = make_user("root@example.ru", is_staff=True, is_superuser=True)
    request.now = NOW

    page = admin.site._registry[Shop].change_view(request, str(shop.pk)).render().content.decode()

    assert shop.hook_path in page
    assert "test_sandbox" not in page


def test_a_shop_that_writes_cheques_needs_their_terms_first():
    supplier = make_account().supplier
    given = {"new_secret": "live_verysecret", "sends_receipts": "on"}

    form = filled(supplier=supplier, **given)
    assert "Газ: аванс" in form.errors["sends_receipts"][0]

    make_receipt_terms(supplier)
    assert filled(supplier=supplier, **given).is_valid()


def test_a_shop_that_is_switched_off_may_wait_for_them():
    form = filled(supplier=make_account().supplier, new_secret="live_verysecret", sends_receipts="on", is_enabled="")

    assert form.is_valid(), form.errors


def test_a_shop_that_names_the_payee_needs_the_payees_bank_first():
    supplier = make_account().supplier
    given = {"new_secret": "live_verysecret", "sends_payment_order": "on"}

    assert list(filled(supplier=supplier, **given).errors) == ["sends_payment_order"]

    make_bank_details(supplier)
    assert filled(supplier=supplier, **given).is_valid()


def test_what_the_payments_of_a_shop_are_known_by_is_not_changed_once_there_are_any():
    account = make_account()
    shop = make_shop(account.supplier)
    typed = {"shop_id": "100501", "gateway": "sberbank", "title": "Новое имя"}
    assert filled(shop, **typed).fields.keys() >= {"supplier", "gateway", "shop_id", "is_test"}

    make_payment(account, make_payer())
    form = filled(shop, **typed)
    assert form.is_valid(), form.errors
    form.save()

    shop.refresh_from_db()
    assert (shop.title, shop.shop_id, shop.gateway, shop.is_test) == ("Новое имя", "100500", "yookassa", True)


def test_a_shop_with_payments_still_needs_terms_for_its_cheques():
    account = make_account()
    make_payment(account, make_payer())

    assert list(filled(Shop.objects.get(), sends_receipts="on").errors) == ["sends_receipts"]


def test_once_a_supplier_has_people_for_it_the_admin_changes_no_shop():
    account = make_account()
    shop = make_shop(account.supplier)
    make_accountant(account.supplier)

    assert "в служебном разделе" in str(filled(shop, title="Новое имя").errors)
