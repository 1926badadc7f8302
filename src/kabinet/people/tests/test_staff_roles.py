"""Roles of staff are given and taken away by name."""

from io import StringIO

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.core.management import call_command
from django.core.management.base import CommandError
from django.urls import reverse

from kabinet.audit.models import Entry
from kabinet.common.errors import NotFound
from kabinet.common.testing import NOW
from kabinet.outbox.models import RecordedFact
from kabinet.people.models import StaffRole
from kabinet.people.queries.second_factor import has_second_factor
from kabinet.people.queries.staff import NotAllowed, check_right, staff_card, suppliers_with_right
from kabinet.people.rules import rights
from kabinet.people.tests.factories import make_staff, make_user
from kabinet.people.usecases.grant_role import NoSuchPerson, RoleHasItsPlace, grant_role
from kabinet.people.usecases.withdraw_role import withdraw_role
from kabinet.suppliers.tests.factories import make_supplier

pytestmark = pytest.mark.django_db


def grant(user, role, supplier=None):
    return grant_role(email=user.email, role=role, supplier_id=supplier and supplier.id, actor=None, now=NOW)


def test_a_role_makes_somebody_staff_and_is_written_down():
    user, supplier = make_user(), make_supplier()

    grant(user, "accountant", supplier)

    user.refresh_from_db()
    assert user.is_staff
    assert [(row.role, row.supplier_id) for row in staff_card(user).roles] == [("accountant", supplier.id)]
    assert Entry.objects.filter(action="staff_role.granted", subject=f"user:{user.pk}").count() == 1


def test_whoever_becomes_staff_chooses_a_password_by_the_rule_of_staff():
    user = make_user(password="gaz2026")
    session_epoch = user.sessions_epoch

    grant(user, "operator")

    user.refresh_from_db()
    assert not user.check_password("gaz2026")
    assert user.sessions_epoch == session_epoch + 1
    [sent] = RecordedFact.objects.filter(name="people.PasswordResetAsked")

    user.set_password("пятнадцать знаков и больше")
    user.save()
    grant(user, "helpdesk")

    user.refresh_from_db()
    assert user.check_password("пятнадцать знаков и больше")
    assert RecordedFact.objects.filter(name="people.PasswordResetAsked").get() == sent


def test_the_same_role_twice_is_one():
    user, supplier = make_user(), make_supplier()

    first = grant(user, "support", supplier)

    assert grant(user, "support", supplier) == first
    assert Entry.objects.count() == 1


def test_nobody_at_an_address_is_refused():
    with pytest.raises(NoSuchPerson):
        grant_role(email="nobody@example.ru", role="operator", supplier_id=None, actor=None, now=NOW)


@pytest.mark.parametrize(
    ("role", "at_a_supplier"),
    [("operator", True), ("helpdesk", True), ("manager", False), ("accountant", False), ("support", False)],
)
def test_a_role_has_its_place(role, at_a_supplier):
    user = make_user()

    with pytest.raises(RoleHasItsPlace):
        grant(user, role, make_supplier() if at_a_supplier else None)

    assert not StaffRole.objects.exists()


def test_with_the_last_role_one_is_no_longer_staff():
    user, supplier = make_user(), make_supplier()
    grant(user, "accountant", supplier)
    grant(user, "operator")

    for role, supplier_id, is_staff in (("accountant", supplier.id, True), ("operator", None, False)):
        withdraw_role(user_id=user.pk, role=role, supplier_id=supplier_id, actor=None, now=NOW)
        user.refresh_from_db()
        assert user.is_staff is is_staff
    with pytest.raises(NotFound):
        staff_card(user)


def test_a_right_is_held_where_the_role_is():
    user, own, other = make_user(), make_supplier(), make_supplier()
    grant(user, "support", own)
    user.refresh_from_db()

    check_right(user, rights.SEE_PAYMENTS, own.id)
    with pytest.raises(NotAllowed):
        check_right(user, rights.REFUND_PAYMENT, own.id)
    with pytest.raises(NotFound):
        check_right(user, rights.SEE_PAYMENTS, other.id)
    assert suppliers_with_right(user, rights.SEE_PAYMENTS) == [own.id]
    assert staff_card(user).suppliers_with(rights.SEE_PAYMENTS) == [own.id]
    assert not staff_card(user).may(rights.REFUND_PAYMENT)


def test_an_operator_is_one_everywhere():
    user = make_user()
    grant(user, "operator")
    user.refresh_from_db()

    check_right(user, rights.SEE_HEALTH, make_supplier().id)
    assert suppliers_with_right(user, rights.SEE_HEALTH) is None
    assert staff_card(user).suppliers_with(rights.SEE_HEALTH) is None


def test_the_command_gives_lists_and_takes_away():
    user, supplier, said = make_user(), make_supplier(), StringIO()

    call_command("staff", user.email, role="accountant", supplier=supplier.code, stdout=said)
    assert said.getvalue() == f"{user.email}  accountant  {supplier.code}\n"

    call_command("staff", user.email, role="accountant", supplier=supplier.code, withdraw=True, stdout=StringIO())
    assert not StaffRole.objects.exists()


def test_who_has_lost_the_second_factor_gets_in_again_by_the_mailbox_and_a_new_one():
    user, said = make_user(is_staff=True), StringIO()
    StaffRole.objects.create(user=user, role="operator")
    TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(user)
    before = user.sessions_epoch

    call_command("staff", user.email, forget_second_factor=True, stdout=said)

    user.refresh_from_db()
    assert not has_second_factor(user)
    assert not user.authenticator_set.exists()
    assert user.sessions_epoch > before
    assert not user.has_usable_password()
    assert user.staff_roles.count() == 1
    assert Entry.objects.get().action == "second-factor.forgotten"
    assert {fact.name for fact in RecordedFact.objects.all()} == {
        "people.PasswordResetAsked",
        "people.SecondFactorChanged",
    }
    with pytest.raises(CommandError):
        call_command("staff", user.email, forget_second_factor=True, stdout=said)


@pytest.mark.parametrize("given", [{}, {"role": "accountant"}, {"role": "accountant", "supplier": "nowhere"}])
def test_the_command_refuses_what_is_not_said_in_full(given):
    with pytest.raises(CommandError):
        call_command("staff", make_user().email, **given)


def test_the_admin_gives_a_role_and_takes_it_away(client):
    superuser, user, supplier = make_staff(), make_user(), make_supplier()
    client.force_login(superuser)

    client.post(reverse("admin:people_staffrole_add"), {"user": user.pk, "role": "accountant", "supplier": supplier.pk})
    role = StaffRole.objects.get()
    client.post(reverse("admin:people_staffrole_delete", args=[role.pk]), {"post": "yes"})

    assert not StaffRole.objects.exists()
    assert list(Entry.objects.order_by("id").values_list("action", "actor_id")) == [
        ("staff_role.granted", superuser.pk),
        ("staff_role.withdrawn", superuser.pk),
    ]


def test_the_admin_shows_a_role_out_of_place_beside_its_field(client):
    client.force_login(make_staff())

    answer = client.post(reverse("admin:people_staffrole_add"), {"user": make_user().pk, "role": "accountant"})

    assert "Оператор и справочная служба назначаются на всю установку" in answer.content.decode()
