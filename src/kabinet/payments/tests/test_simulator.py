"""A hundred stories of payments by seed; KABINET_SIMULATOR_SEEDS=FIRST:COUNT plays others. A failure tells its own."""

import os

import pytest

from kabinet.payments.tests.simulator import Simulator

pytestmark = pytest.mark.django_db

FIRST, COUNT = map(int, os.environ.get("KABINET_SIMULATOR_SEEDS", "1:100").split(":"))


@pytest.mark.parametrize("seed", range(FIRST, FIRST + COUNT))
def test_whatever_happens_no_kopeck_is_lost_or_doubled(seed, tmp_path):
    Simulator(seed, tmp_path).run()
