"""A hundred hostile files end in a clear refusal with the line, by reading and by looking alike."""

import contextlib
import re

import pytest

from kabinet.registers.formats.looking import look_at
from kabinet.registers.formats.reading import Broken, FileRefused, Row, read
from kabinet.registers.tests.files import write
from kabinet.registers.tests.hostile import HOSTILE


@pytest.fixture
def path(tmp_path, hostile):
    return write(tmp_path / "register", hostile.bytes())


def test_there_are_a_hundred():
    assert len(HOSTILE) >= 100
    assert len({hostile.name for hostile in HOSTILE}) == len(HOSTILE)


@pytest.mark.parametrize("hostile", [its for its in HOSTILE if not its.broken], ids=lambda its: its.name)
def test_the_file_is_refused_with_the_line(path, hostile):
    with pytest.raises(FileRefused) as refused:
        list(read(path, hostile.profile))

    assert re.search(hostile.words, refused.value.words)
    assert refused.value.line_no == hostile.line_no
    assert str(refused.value).endswith(refused.value.words)


@pytest.mark.parametrize("hostile", [its for its in HOSTILE if its.broken], ids=lambda its: its.name)
def test_the_line_is_refused_and_the_others_stand(path, hostile):
    lines = list(read(path, hostile.profile))

    broken = [line for line in lines if isinstance(line, Broken)]
    assert tuple(line.line_no for line in broken) == hostile.broken
    assert all(re.search(hostile.words, line.reason) and len(line.value) <= 200 for line in broken)
    assert all(value.isprintable() for value in (line.value for line in broken))
    assert [line for line in lines if isinstance(line, Row)]


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda its: its.name)
def test_a_look_shows_it_or_says_why_not(path, hostile):
    with contextlib.suppress(FileRefused):
        look = look_at(path)
        assert look.container
        assert all(len(cell) <= 200 for _line_no, line in look.lines for cell in line)
