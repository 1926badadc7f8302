"""A person tells about themselves in «Мои данные»."""

import pytest
from django.db import IntegrityError, transaction

from kabinet.audit.models import Entry
from kabinet.common.testing import NOW
from kabinet.people.models import User
from kabinet.people.tests.factories import make_user
from kabinet.people.usecases.save_profile import NameUnusable, PhoneUnusable, save_profile

pytestmark = pytest.mark.django_db


def save(user, **changes):
    given = {"surname": "", "given_name": "", "patronymic": "", "phone": "", "language": "ru"}
    return save_profile(**given | changes, actor=user, now=NOW)


def test_everything_is_kept_tidied():
    save(
        make_user(),
        surname="  Салтыков-Щедрин ",
        given_name="Анна  Мария",
        patronymic="О'Нил",
        phone="8 (912) 345-67-89",
        language="en",
    )

    user = User.objects.get()
    assert (user.surname, user.given_name, user.patronymic) == ("Салтыков-Щедрин", "Анна Мария", "О'Нил")
    assert user.phone == "+79123456789"
    assert user.language == "en"
    assert Entry.objects.get().action == "profile.saved"


def test_nothing_has_to_be_told_and_what_was_told_can_be_taken_back():
    user = make_user(surname="Иванов", phone="+79123456789")

    save(user)

    user.refresh_from_db()
    assert (user.surname, user.phone) == ("", "")


@pytest.mark.parametrize("field", ["surname", "given_name", "patronymic"])
def test_what_is_no_name_is_refused_beside_its_field(field):
    user = make_user(surname="Иванов")

    with pytest.raises(NameUnusable) as refused:
        save(user, **{"surname": "Петров", field: "89123456789"})

    assert refused.value.field == field
    assert User.objects.get().surname == "Иванов"
    assert not Entry.objects.exists()


def test_what_is_no_phone_is_refused():
    user = make_user(phone="+79123456789")

    with pytest.raises(PhoneUnusable):
        save(user, phone="345-67-89")

    assert User.objects.get().phone == "+79123456789"


def test_the_database_keeps_one_form_of_phones():
    user = make_user()

    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=user.pk).update(phone="89123456789")
