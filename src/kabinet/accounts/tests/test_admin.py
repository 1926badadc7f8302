"""Locked cabinets in the admin."""

import pytest
from django.urls import reverse

from kabinet.accounts.models import AttachingLock
from kabinet.common.testing import NOW
from kabinet.people.tests.factories import make_staff, make_user

pytestmark = pytest.mark.django_db


def test_the_admin_shows_locks_and_lifts_none(client):
    lock = AttachingLock.objects.create(user=make_user(), locked_at=NOW)
    client.force_login(make_staff())

    assert client.get(reverse("admin:accounts_attachinglock_changelist")).status_code == 200
    assert client.post(reverse("admin:accounts_attachinglock_delete", args=[lock.id])).status_code == 403

    assert AttachingLock.objects.filter(lifted_at=None).exists()
