"""Shops in the admin."""

from decimal import Decimal

import pytest
from django.contrib import admin
from django.test import RequestFactory

from kabinet.accounts.tests.factories import make_account
from kabinet.payments.admin import ShopForm
from kabinet.payments.models import Shop
from kabinet.payments.tests.factories import make_shop
from kabinet.people.tests.factories import make_user

pytestmark = pytest.mark.django_db


def filled(shop: Shop | None = None, *, supplier=None, **values) -> ShopForm:
    request = RequestFactory().get("/")
    request.user = make_user(is_staff=True, is_superuser=True)
    form_class = admin.site._registry[Shop].get_form(request, change=shop is not None, fields=None)
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
