"""Fault points: nothing happens unless a test has armed one, and never where people are served."""

import signal
from unittest import mock

import pytest
from django.core.checks import Tags, run_checks

from kabinet.common import fault_points


@pytest.mark.parametrize(("armed", "is_killed"), [("asked", True), ("ask", False), ("", False), (None, False)])
def test_the_armed_point_alone_ends_the_process_and_only_once(settings, tmp_path, armed, is_killed):
    file = tmp_path / "point"
    settings.FAULT_POINT_FILE = str(file)
    if armed is not None:
        file.write_text(armed)

    with mock.patch("os.kill") as kill:
        fault_points.reach("asked")
        fault_points.reach("asked")

    assert [call.args[1] for call in kill.call_args_list] == ([signal.SIGKILL] if is_killed else [])


def test_without_the_setting_nothing_is_looked_at(settings):
    settings.FAULT_POINT_FILE = ""

    with mock.patch("pathlib.Path.read_text") as read:
        fault_points.reach("asked")

    assert not read.called


@pytest.mark.parametrize(("is_demo", "errors"), [(True, []), (False, ["common.E001"])])
def test_a_process_that_serves_people_does_not_start_with_it(settings, is_demo, errors):
    settings.DEMO, settings.DEBUG, settings.FAULT_POINT_FILE = is_demo, False, "point"

    found = [problem.id for problem in run_checks(tags=[Tags.security])]

    assert [code for code in found if code == "common.E001"] == errors
