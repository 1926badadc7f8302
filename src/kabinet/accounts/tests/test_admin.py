"""Support lifts the lock of a cabinet."""

import pytest
from django.urls import reverse

from kabinet.accounts.models import AttachingLock
from kabinet.audit.models import Entry
from kabinet.common.testing import NOW
from kabinet.people.tests.factories import make_staff, make_user

pytestmark = pytest.mark.django_db


def test_a_lifted_lock_is_noted_with_who_lifted_it(client):
    person, staff = make_user(), make_staff()
    lock = AttachingLock.objects.create(user=person, locked_at=NOW)
    client.force_login(staff)

    client.post(reverse("admin:accounts_attachinglock_delete", args=[lock.id]), {"post": "yes"})

    assert not AttachingLock.objects.exists()
    entry = Entry.objects.get()
    assert (entry.action, entry.actor, entry.subject) == ("attaching.unlocked", staff, f"user:{person.id}")
