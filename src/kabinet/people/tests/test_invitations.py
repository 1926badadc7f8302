"""Staff are invited by a letter; a role that turns into money is confirmed by a second person."""

import datetime as dt
import threading

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from kabinet.audit.models import Entry
from kabinet.common.errors import NotFound
from kabinet.common.testing import NOW
from kabinet.outbox.models import RecordedFact
from kabinet.people.models import Invitation, StaffRole, User
from kabinet.people.operations.passwords import PasswordUnfit
from kabinet.people.operations.staff import INVITATION_LIFE, NotWaiting, OwnRole, lock_invitation
from kabinet.people.queries.invitations import members, places, waiting_invitations
from kabinet.people.queries.links import LinkForeign, LinkOld, LinkReplaced, LinkUsed, link_token
from kabinet.people.queries.staff import NotAllowed
from kabinet.people.rules.links import LinkKind
from kabinet.people.tests.factories import make_user
from kabinet.people.usecases.accept_invitation import NameMissing, accept_invitation
from kabinet.people.usecases.confirm_invitation import SamePerson, confirm_invitation
from kabinet.people.usecases.grant_role import RoleHasItsPlace
from kabinet.people.usecases.invite_staff import (
    MOST_A_DAY,
    AddressUnusable,
    HasThatRole,
    InvitedAlready,
    TooManyInvitations,
    invite_staff,
)
from kabinet.people.usecases.send_invitation_again import JustSent, NotConfirmedYet, send_invitation_again
from kabinet.people.usecases.withdraw_invitation import withdraw_invitation
from kabinet.people.usecases.withdraw_role import LastOfTheirKind, withdraw_role
from kabinet.suppliers.tests.factories import make_supplier

pytestmark = pytest.mark.django_db

EMAIL = "novikova@example.ru"
LONG = "correct horse battery"
SECOND = dt.timedelta(seconds=1)


def make_member(role, supplier=None, **fields):
    user = make_user(is_staff=True, **fields)
    StaffRole.objects.create(user=user, role=role, supplier=supplier)
    return user


def invite(actor, role, supplier=None, *, email=EMAIL, now=NOW):
    supplier_id = supplier.id if supplier else None
    return invite_staff(email=email, role=role, supplier_id=supplier_id, language="ru", actor=actor, now=now)


def token_of(invitation):
    invitation.refresh_from_db()
    return link_token(LinkKind.INVITATION, invitation.pk, invitation.version)


def accept(invitation, *, surname="Новикова", given_name="Ольга", password=LONG, now=NOW):
    return accept_invitation(
        token=token_of(invitation), surname=surname, given_name=given_name, password=password, now=now
    )


def letters():
    return [fact.name for fact in RecordedFact.objects.order_by("id")]


class TestSupport:
    """A role that changes no sum takes one person."""

    def test_the_letter_goes_at_once_and_the_link_makes_somebody_staff(self):
        supplier = make_supplier()
        invitation = invite(make_member("manager", supplier), "support", supplier)

        user = accept(invitation)

        assert (user.email, user.get_full_name(), user.is_staff) == (EMAIL, "Ольга Новикова", True)
        assert user.check_password(LONG)
        assert list(StaffRole.objects.filter(user=user).values_list("role", "supplier")) == [("support", supplier.id)]
        assert [entry.action for entry in Entry.objects.order_by("id")] == [
            "invitation.made",
            "staff_role.granted",
            "invitation.accepted",
        ]

    def test_a_link_ends_with_the_role_of_whoever_has_invited(self):
        supplier = make_supplier()
        inviter = make_member("manager", supplier)
        invitation = invite(inviter, "support", supplier)
        StaffRole.objects.filter(user=inviter).delete()

        with pytest.raises(LinkOld):
            accept(invitation)
        assert not User.objects.filter(email_canonical=EMAIL).exists()

    def test_no_entry_holds_an_address(self):
        supplier = make_supplier()
        accept(invite(make_member("manager", supplier), "support", supplier))

        assert not any(EMAIL in f"{entry.subject}{entry.details}" for entry in Entry.objects.all())

    def test_a_customer_becomes_staff_with_a_password_of_the_strong_rule_and_is_signed_out_elsewhere(self):
        supplier, customer = make_supplier(), make_user(EMAIL, surname="Новикова", given_name="Ольга")
        invitation = invite(make_member("manager", supplier), "support", supplier)
        epoch = customer.sessions_epoch

        with pytest.raises(PasswordUnfit):
            accept(invitation, password="parol5")
        customer.refresh_from_db()
        assert not customer.is_staff

        user = accept(invitation, surname="", given_name="")
        assert (user.pk, user.sessions_epoch, user.is_staff) == (customer.pk, epoch + 1, True)

    def test_whoever_is_staff_already_only_agrees(self):
        supplier = make_supplier()
        there = make_member("support", make_supplier(), email=EMAIL, surname="Новикова", given_name="Ольга")
        before = there.password

        user = accept(invite(make_member("manager", supplier), "support", supplier), surname="", password="")

        assert (user.pk, user.password, user.staff_roles.count()) == (there.pk, before, 2)

    @pytest.mark.parametrize(("given", "field"), [({"surname": " "}, "surname"), ({"given_name": "777"}, "given_name")])
    def test_colleagues_want_a_name(self, given, field):
        supplier = make_supplier()
        invitation = invite(make_member("manager", supplier), "support", supplier)

        with pytest.raises(NameMissing) as refused:
            accept(invitation, **given)

        assert refused.value.field == field
        assert not User.objects.filter(email=EMAIL).exists()

    def test_a_link_works_once(self):
        supplier = make_supplier()
        invitation = invite(make_member("manager", supplier), "support", supplier)
        accept(invitation)

        with pytest.raises(LinkUsed):
            accept(invitation)

    def test_a_link_works_until_the_last_second_of_its_week(self):
        supplier = make_supplier()
        manager = make_member("manager", supplier)

        accept(invite(manager, "support", supplier), now=NOW + INVITATION_LIFE - SECOND)
        with pytest.raises(LinkOld):
            accept(invite(manager, "support", supplier, email="other@example.ru"), now=NOW + INVITATION_LIFE)

    def test_a_withdrawn_invitation_is_void_and_withdrawing_it_again_says_so(self):
        supplier = make_supplier()
        manager = make_member("manager", supplier)
        invitation = invite(manager, "support", supplier)

        withdraw_invitation(invitation_id=invitation.pk, actor=manager, now=NOW)

        with pytest.raises(LinkReplaced):
            accept(invitation)
        with pytest.raises(NotWaiting):
            withdraw_invitation(invitation_id=invitation.pk, actor=manager, now=NOW)

    def test_a_new_link_voids_the_old_and_is_not_sent_twice_in_a_moment(self):
        supplier = make_supplier()
        manager = make_member("manager", supplier)
        invitation = invite(manager, "support", supplier)
        old = token_of(invitation)

        with pytest.raises(JustSent):
            send_invitation_again(invitation_id=invitation.pk, actor=manager, now=NOW + 119 * SECOND)
        send_invitation_again(invitation_id=invitation.pk, actor=manager, now=NOW + 120 * SECOND)

        with pytest.raises(LinkReplaced):
            accept_invitation(token=old, surname="А", given_name="Б", password=LONG, now=NOW + 121 * SECOND)
        assert accept(invitation, now=NOW + 121 * SECOND).is_staff

    def test_a_link_that_is_not_ours_is_refused(self):
        supplier = make_supplier()
        invitation = invite(make_member("manager", supplier), "support", supplier)
        token = token_of(invitation)

        with pytest.raises(LinkForeign):
            accept_invitation(token=token[:-1] + "-", surname="А", given_name="Б", password=LONG, now=NOW)

    def test_two_presses_at_once_are_one_person(self, transactional_db):
        supplier = make_supplier()
        invitation = invite(make_member("manager", supplier), "support", supplier)
        outcomes, start = [], threading.Barrier(2)

        def press():
            start.wait()
            try:
                accept(invitation)
                outcomes.append("accepted")
            except LinkUsed:
                outcomes.append("used")
            finally:
                connection.close()

        threads = [threading.Thread(target=press) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert sorted(outcomes) == ["accepted", "used"]
        assert StaffRole.objects.filter(user__email=EMAIL).count() == 1


class TestTwoPeople:
    """Accountants and managers: one person offers the role, another confirms it."""

    @pytest.mark.parametrize("role", ["accountant", "manager"])
    def test_nothing_is_sent_until_another_manager_confirms(self, role):
        supplier = make_supplier()
        first, second = make_member("manager", supplier), make_member("manager", supplier)
        invitation = invite(first, role, supplier)
        assert (invitation.expires_at, letters()) == (None, [])
        with pytest.raises(LinkReplaced):
            accept(invitation)

        confirm_invitation(invitation_id=invitation.pk, actor=second, now=NOW)
        again = confirm_invitation(invitation_id=invitation.pk, actor=second, now=NOW)

        assert (again.confirmed_by_id, again.version) == (second.pk, 1)
        assert accept(invitation).staff_roles.get().role == role

    def test_not_by_one_who_has_lost_the_right_since_they_opened_the_page(self):
        supplier = make_supplier()
        first, second = make_member("manager", supplier), make_member("manager", supplier)
        invitation = invite(first, "accountant", supplier)
        User.objects.filter(pk=second.pk).update(is_active=False)

        with pytest.raises(NotFound):
            confirm_invitation(invitation_id=invitation.pk, actor=second, now=NOW)
        assert letters() == []

    def test_nobody_takes_the_right_away_while_it_is_used(self, transactional_db):
        supplier = make_supplier()
        first, second = make_member("manager", supplier), make_member("manager", supplier)
        invitation = invite(first, "accountant", supplier)

        with transaction.atomic():
            lock_invitation(invitation.pk, actor=second)
            outcome = []

            def take_away():
                try:
                    with transaction.atomic():
                        list(StaffRole.objects.filter(user=second).select_for_update(nowait=True))
                        outcome.append("taken")
                except OperationalError:
                    outcome.append("kept")
                finally:
                    connection.close()

            thread = threading.Thread(target=take_away)
            thread.start()
            thread.join()

        assert outcome == ["kept"]

    def test_a_link_ends_with_the_role_of_whoever_has_confirmed(self):
        supplier = make_supplier()
        first, second = make_member("manager", supplier), make_member("manager", supplier)
        invitation = invite(first, "accountant", supplier)
        confirm_invitation(invitation_id=invitation.pk, actor=second, now=NOW)
        StaffRole.objects.filter(user=second).delete()

        with pytest.raises(LinkOld):
            accept(invitation)
        assert not User.objects.filter(email_canonical=EMAIL).exists()

    def test_an_operator_may_be_the_second(self):
        supplier = make_supplier()
        invitation = invite(make_member("manager", supplier), "accountant", supplier)

        confirm_invitation(invitation_id=invitation.pk, actor=make_member("operator"), now=NOW)

        assert accept(invitation).is_staff

    def test_not_by_the_same_person_and_not_sent_again_before(self):
        supplier = make_supplier()
        manager = make_member("manager", supplier)
        invitation = invite(manager, "accountant", supplier)

        with pytest.raises(SamePerson):
            confirm_invitation(invitation_id=invitation.pk, actor=manager, now=NOW)
        with pytest.raises(NotConfirmedYet):
            send_invitation_again(invitation_id=invitation.pk, actor=manager, now=NOW)

    def test_not_by_the_one_who_is_invited(self):
        supplier = make_supplier()
        invited = make_member("manager", supplier, email=EMAIL)
        invitation = invite(make_member("manager", supplier), "accountant", supplier)

        with pytest.raises(OwnRole):
            confirm_invitation(invitation_id=invitation.pk, actor=invited, now=NOW)

    def test_the_database_knows_it_too(self):
        supplier = make_supplier()
        invitation = invite(make_member("manager", supplier), "accountant", supplier)

        for change in ({"confirmed_by": invitation.invited_by_id}, {"expires_at": NOW}, {"accepted_at": NOW}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Invitation.objects.filter(pk=invitation.pk).update(**change)


class TestWhoInvites:
    @pytest.mark.parametrize("role", ["accountant", "support"])
    def test_staff_without_the_right_do_not(self, role):
        supplier = make_supplier()

        with pytest.raises(NotAllowed):
            invite(make_member(role, supplier), "support", supplier)
        assert not Invitation.objects.exists()

    def test_a_manager_does_not_at_another_supplier_nor_for_the_installation(self):
        supplier = make_supplier()
        manager = make_member("manager", supplier)

        for there in (make_supplier(), None):
            with pytest.raises(NotFound):
                invite(manager, "support", there)

    def test_nobody_raises_their_own_rights(self):
        supplier = make_supplier()
        manager = make_member("manager", supplier, email="lidia@example.ru")

        with pytest.raises(OwnRole):
            invite(manager, "accountant", supplier, email="LIDIA@example.ru")

    def test_another_suppliers_invitation_does_not_exist(self):
        supplier = make_supplier()
        invitation = invite(make_member("manager", supplier), "accountant", supplier)
        stranger = make_member("manager", make_supplier())

        for act in (confirm_invitation, withdraw_invitation, send_invitation_again):
            with pytest.raises(NotFound):
                act(invitation_id=invitation.pk, actor=stranger, now=NOW)
        assert waiting_invitations(NOW, visible_to=stranger) == []

    def test_an_operator_invites_everywhere_and_a_role_has_its_place(self):
        supplier, operator = make_supplier(), make_member("operator")

        assert invite(operator, "helpdesk").expires_at == NOW + INVITATION_LIFE
        assert invite(operator, "manager", supplier).expires_at is None
        with pytest.raises(RoleHasItsPlace):
            invite(operator, "support")

    def test_a_role_that_is_held_or_offered_already_is_refused(self):
        supplier = make_supplier()
        manager = make_member("manager", supplier)
        make_member("support", supplier, email="there@example.ru")
        invite(manager, "support", supplier)

        with pytest.raises(HasThatRole):
            invite(manager, "support", supplier, email="There@example.ru")
        with pytest.raises(InvitedAlready):
            invite(manager, "support", supplier)

    def test_an_address_that_no_letter_reaches_is_refused(self):
        supplier = make_supplier()

        with pytest.raises(AddressUnusable):
            invite(make_member("manager", supplier), "support", supplier, email="nowhere")

    def test_nobody_writes_to_the_whole_town(self):
        supplier = make_supplier()
        manager = make_member("manager", supplier)
        for number in range(MOST_A_DAY):
            invite(manager, "support", supplier, email=f"n{number}@example.ru")

        with pytest.raises(TooManyInvitations):
            invite(manager, "support", supplier)
        assert invite(manager, "support", supplier, now=NOW + dt.timedelta(days=1)).pk


class TestRolesAreTaken:
    def test_by_a_manager_who_is_not_the_one(self):
        supplier = make_supplier()
        manager, accountant = make_member("manager", supplier), make_member("accountant", supplier)
        taken = {"role": "accountant", "supplier_id": supplier.id, "now": NOW}

        withdraw_role(user_id=accountant.pk, actor=manager, **taken)

        accountant.refresh_from_db()
        assert not accountant.is_staff
        with pytest.raises(OwnRole):
            withdraw_role(user_id=manager.pk, role="manager", supplier_id=supplier.id, actor=manager, now=NOW)

    def test_not_by_others(self):
        supplier = make_supplier()
        accountant = make_member("accountant", supplier)
        taken = {"user_id": accountant.pk, "role": "accountant", "supplier_id": supplier.id, "now": NOW}

        with pytest.raises(NotAllowed):
            withdraw_role(actor=make_member("support", supplier), **taken)
        with pytest.raises(NotFound):
            withdraw_role(actor=make_member("manager", make_supplier()), **taken)
        assert StaffRole.objects.filter(user=accountant).exists()

    def test_the_last_manager_stays(self):
        supplier, operator = make_supplier(), make_member("operator")
        first, last = make_member("manager", supplier), make_member("manager", supplier)
        here = {"role": "manager", "supplier_id": supplier.id, "now": NOW}

        withdraw_role(user_id=first.pk, actor=operator, **here)
        with pytest.raises(LastOfTheirKind):
            withdraw_role(user_id=last.pk, actor=operator, **here)

        assert StaffRole.objects.filter(role="manager").count() == 1

    @pytest.mark.parametrize("other", [{"is_active": False}, {"password": None}])
    def test_whoever_cannot_sign_in_is_not_counted_among_those_who_stay(self, other):
        supplier, operator = make_supplier(), make_member("operator")
        gone, last = make_member("manager", supplier, **other), make_member("manager", supplier)
        here = {"role": "manager", "supplier_id": supplier.id, "now": NOW}

        with pytest.raises(LastOfTheirKind):
            withdraw_role(user_id=last.pk, actor=operator, **here)
        withdraw_role(user_id=gone.pk, actor=operator, **here)

        assert StaffRole.objects.get(role="manager").user == last

    def test_of_two_managers_who_dismiss_each_other_at_once_one_stays(self, transactional_db):
        supplier = make_supplier()
        pair = [make_member("manager", supplier), make_member("manager", supplier)]
        refused, start = [], threading.Barrier(2)

        def dismiss(actor, other):
            start.wait()
            try:
                withdraw_role(user_id=other.pk, role="manager", supplier_id=supplier.id, actor=actor, now=NOW)
            except (LastOfTheirKind, NotFound) as refusal:
                refused.append(refusal)
            finally:
                connection.close()

        threads = [threading.Thread(target=dismiss, args=(pair[way], pair[1 - way])) for way in (0, 1)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert StaffRole.objects.filter(role="manager").count() == 1
        assert len(refused) == 1


def test_the_lists_show_ones_own_place_only():
    own, other = make_supplier(name="Наш"), make_supplier(name="Чужой")
    manager = make_member("manager", own, surname="Громова", given_name="Лидия")
    support = make_member("support", own, surname="Зайцев", given_name="Роман")
    make_member("support", other, surname="Чужая", given_name="Анна")
    operator = make_member("operator", surname="Белов", given_name="Константин")
    invite(manager, "accountant", own)

    assert [(row.name, row.may_withdraw) for row in members(visible_to=manager)] == [
        ("Лидия Громова", False),
        ("Роман Зайцев", True),
    ]
    assert [row.name for row in members(visible_to=operator)] == [
        "Константин Белов",
        "Лидия Громова",
        "Роман Зайцев",
        "Анна Чужая",
    ]
    assert members(visible_to=support) == []
    [waiting] = waiting_invitations(NOW, visible_to=manager)
    assert (waiting.waits_for_second, waiting.may_confirm) == (True, False)
    assert waiting_invitations(NOW, visible_to=operator)[0].may_confirm
    assert [(place.name, [role for role, _label in place.roles]) for place in places(visible_to=manager)] == [
        ("Наш", ["manager", "accountant", "support"])
    ]
    assert [place.name for place in places(visible_to=operator)] == ["вся установка", "Наш", "Чужой"]
