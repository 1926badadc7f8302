"""A customer adds a photo of the meter to a reading; it is kept for so many days, and no file is left alone."""

import datetime as dt
import io
import os
import resource
import threading
import time
from decimal import Decimal
from uuid import UUID

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, close_old_connections, transaction

from kabinet.accounts.tests.factories import make_access
from kabinet.audit.models import Entry
from kabinet.common.errors import NotFound
from kabinet.common.testing import NOW
from kabinet.meters import operations, queries, tasks
from kabinet.meters.formats.photos import Drawing
from kabinet.meters.models import Reading, ReadingPhoto
from kabinet.meters.operations.photos import (
    NotAPhoto,
    PhotoBroken,
    PhotoNotKept,
    PhotosNotTaken,
    ReadingNotWaiting,
)
from kabinet.meters.tests.factories import make_keeper, make_meter, make_photo, make_reading
from kabinet.meters.tests.pictures import picture
from kabinet.meters.usecases.add_photo import add_photo
from kabinet.meters.usecases.erase_old_photos import erase_old_photos
from kabinet.meters.usecases.review_reading import review_reading
from kabinet.meters.usecases.submit_reading import PhotoMissing, ReadingImplausible, WindowClosed
from kabinet.meters.usecases.submit_reading_with_photo import submit_reading_with_photo
from kabinet.meters.usecases.sweep_photo_files import sweep_photo_files
from kabinet.people.queries.staff import NotAllowed
from kabinet.people.tests.factories import make_user
from kabinet.suppliers.tests.factories import make_supplier

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def storage(settings, tmp_path):
    """Keep files in a folder of this test."""
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    }
    return tmp_path


@pytest.fixture
def reading():
    """A reading that waits, and whose author has its account in their cabinet."""
    meter = make_meter(value="1234", on="2026-10-25")
    author = make_user()
    make_access(author, meter.account)
    return make_reading(meter, "1900", on="2026-11-20", status="questionable", author=author)


def add(reading, content=None, *, actor=None, **values):
    return add_photo(
        **{
            "supplier_id": reading.supplier_id,
            "reading_id": reading.id,
            "file": io.BytesIO(picture() if content is None else content),
            "actor": actor or reading.author,
            "now": NOW,
        }
        | values
    )


def files(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*.jpg"))


def photo_of(reading, size="large"):
    return queries.photo_of_customer(reading.supplier_id, reading.id, size, visible_to=reading.author)


class TestAdding:
    def test_it_is_kept_as_two_files_that_nobody_can_guess(self, reading, storage):
        photo = add(reading)

        assert files(storage) == [f"{photo.stored_as}-large.jpg", f"{photo.stored_as}-small.jpg"]
        assert photo.stored_as.startswith(f"supplier/{reading.supplier_id}/photos/2026-11/")
        assert len(photo.stored_as.rpartition("/")[2]) == 32
        assert photo_of(reading).startswith(b"\xff\xd8\xff")
        assert [entry.action for entry in Entry.objects.all()] == ["reading.photo_added"]

    def test_another_one_takes_its_place_and_its_files_go(self, reading, storage, django_capture_on_commit_callbacks):
        add(reading)
        with django_capture_on_commit_callbacks(execute=True):
            better = add(reading, picture(size=(90, 90)))

        assert ReadingPhoto.objects.get() == better
        assert files(storage) == [f"{better.stored_as}-large.jpg", f"{better.stored_as}-small.jpg"]

    def test_a_bad_file_leaves_the_photo_that_is_there(self, reading, storage):
        photo = add(reading)

        with pytest.raises(NotAPhoto):
            add(reading, b"%PDF-1.7")

        assert ReadingPhoto.objects.get() == photo
        assert len(files(storage)) == 2

    @pytest.mark.parametrize("is_accepted", [True, False])
    def test_after_the_decision_nothing_is_added_or_replaced(self, reading, storage, is_accepted):
        add(reading)
        review_reading(
            supplier_id=reading.supplier_id,
            reading_id=reading.id,
            is_accepted=is_accepted,
            reason="Проверено.",
            actor=None,
            now=NOW,
        )

        with pytest.raises(ReadingNotWaiting):
            add(reading, picture(size=(90, 90)))
        assert len(files(storage)) == 2

    def test_a_supplier_that_takes_none_says_so(self, reading, storage):
        reading.supplier.reading_photos = "off"
        reading.supplier.save()

        with pytest.raises(PhotosNotTaken):
            add(reading)
        assert files(storage) == []


class TestWhoMay:
    def test_a_stranger_finds_no_reading_and_nothing_is_drawn(self, reading, storage):
        for stranger in (make_user(), make_keeper(reading.supplier), make_keeper(make_supplier())):
            with pytest.raises(NotFound):
                add(reading, b"not even looked at", actor=stranger)
        assert files(storage) == []

    def test_a_reading_under_another_supplier_is_nobodys(self, reading):
        with pytest.raises(NotFound):
            add(reading, supplier_id=make_supplier().id)

    def test_lite_access_adds_to_its_own_reading_and_sees_no_photo(self, reading):
        lite = make_user()
        make_access(lite, reading.account, level="lite")
        with pytest.raises(NotFound):
            add(reading, actor=lite)
        own = make_reading(reading.meter, "1950", on="2026-11-21", status="questionable", author=lite)

        add(own, actor=lite)

        place = queries.photo_place(own.supplier_id, own.id, visible_to=lite)
        assert (place.has_photo, place.may_look, place.meter_serial) == (True, False, "")
        with pytest.raises(NotFound):
            queries.photo_of_customer(own.supplier_id, own.id, "large", visible_to=lite)

    def test_another_full_holder_of_the_account_sees_it_and_adds_too(self, reading):
        other = make_user()
        make_access(other, reading.account)

        add(reading, actor=other)

        assert queries.photo_of_customer(reading.supplier_id, reading.id, "small", visible_to=other)

    def test_staff_who_review_readings_see_it_and_nobody_elses_staff(self, reading):
        make_photo(reading)
        ids = (reading.supplier_id, reading.id, "large")

        assert queries.photo_for_staff(*ids, visible_to=make_keeper(reading.supplier)) == b"large"
        with pytest.raises(NotFound):
            queries.photo_for_staff(*ids, visible_to=make_keeper(make_supplier()))
        with pytest.raises(NotFound):
            queries.photo_for_staff(*ids, visible_to=reading.author)

    def test_staff_without_the_right_are_told_so(self, reading):
        make_photo(reading)
        keeper = make_keeper(reading.supplier)
        keeper.staff_roles.update(role="manager")

        with pytest.raises(NotAllowed):
            queries.photo_for_staff(reading.supplier_id, reading.id, "large", visible_to=keeper)

    @pytest.mark.parametrize("size", ["", "../large", "huge", "LARGE"])
    def test_there_are_two_sizes_and_no_other(self, reading, size):
        make_photo(reading)

        with pytest.raises(NotFound):
            photo_of(reading, size)

    def test_a_file_that_the_disk_has_lost_is_not_found(self, reading, storage):
        make_photo(reading)
        for file in storage.rglob("*.jpg"):
            file.unlink()

        with pytest.raises(NotFound):
            photo_of(reading)


class TestWithTheReading:
    @pytest.fixture
    def meter(self, reading):
        reading.delete()
        return reading.meter

    def submit(self, meter, value="1262", content=None, *, actor, request=1, **values):
        return submit_reading_with_photo(
            supplier_id=meter.supplier_id,
            meter_id=meter.id,
            value_m3=Decimal(value),
            taken_on=dt.date(2026, 11, 22),
            photo=io.BytesIO(content) if content is not None else None,
            request_id=UUID(int=request),
            actor=actor,
            now=NOW,
            **values,
        )

    def requires(self, meter):
        meter.supplier.reading_photos = "required"
        meter.supplier.save()

    @pytest.fixture
    def usual(self, meter):
        """Ten cubic metres in three weeks are usual here."""
        return make_reading(meter, "1244", on="2026-11-15")

    def test_both_are_kept(self, meter, reading, storage):
        handed_in = self.submit(meter, content=picture(), actor=reading.author)

        assert handed_in.photo_refused is None
        assert ReadingPhoto.objects.get().reading == handed_in.reading
        assert len(files(storage)) == 2

    def test_a_refused_photo_does_not_cost_the_number(self, meter, reading, storage):
        handed_in = self.submit(meter, content=picture()[:200], actor=reading.author)

        assert isinstance(handed_in.photo_refused, PhotoBroken)
        assert Reading.objects.get(value_m3=1262).status == "accepted"
        assert files(storage) == []

    def test_a_refused_number_keeps_no_photo(self, meter, reading, storage):
        meter.supplier.reading_closes_day = 20
        meter.supplier.save()

        with pytest.raises(WindowClosed):
            self.submit(meter, content=picture(), actor=reading.author)
        assert files(storage) == []

    def test_the_same_request_again_changes_nothing(self, meter, reading, storage):
        first = self.submit(meter, content=picture(), actor=reading.author)
        again = self.submit(meter, content=picture(size=(90, 90)), actor=reading.author)

        assert (again.reading, again.photo_refused) == (first.reading, None)
        assert ReadingPhoto.objects.count() == 1
        assert len(files(storage)) == 2

    def test_a_photo_that_nobody_takes_is_said_and_the_number_stands(self, meter, reading, storage):
        meter.supplier.reading_photos = "off"
        meter.supplier.save()

        handed_in = self.submit(meter, content=picture(), actor=reading.author)

        assert isinstance(handed_in.photo_refused, PhotosNotTaken)
        assert files(storage) == []

    def test_where_it_is_required_a_large_volume_is_taken_with_it_only(self, meter, reading, usual, storage):
        self.requires(meter)
        with pytest.raises(ReadingImplausible):
            self.submit(meter, "1400", content=picture(), actor=reading.author)
        with pytest.raises(PhotoMissing):
            self.submit(meter, "1400", confirmed=True, actor=reading.author)
        with pytest.raises(NotAPhoto):
            self.submit(meter, "1400", content=b"text", confirmed=True, actor=reading.author)
        assert not Reading.objects.filter(value_m3=1400).exists()

        handed_in = self.submit(meter, "1400", content=picture(), confirmed=True, actor=reading.author)

        assert handed_in.reading.status == "questionable"
        assert ReadingPhoto.objects.get().reading == handed_in.reading
        assert len(files(storage)) == 2

    def test_where_it_is_required_a_usual_volume_needs_none(self, meter, reading, usual):
        self.requires(meter)

        assert self.submit(meter, "1250", actor=reading.author).reading.status == "accepted"

    def test_a_stranger_finds_no_meter_and_nothing_is_drawn(self, meter, storage):
        with pytest.raises(NotFound):
            self.submit(meter, content=picture(), actor=make_user())
        assert files(storage) == []


class TestTheDisk:
    def test_a_full_disk_is_said_and_leaves_neither_row_nor_file(self, reading, storage):
        content = picture(size=(1500, 1500))
        limits = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, limits[1]))
        try:
            with pytest.raises(PhotoNotKept):
                add(reading, content)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)

        assert not ReadingPhoto.objects.exists()
        assert files(storage) == []
        assert add(reading, content)

    def test_a_folder_that_cannot_be_written_to_is_said(self, reading, storage):
        (storage / "supplier").write_text("a file where the folder should be")

        with pytest.raises(PhotoNotKept):
            add(reading)
        assert not ReadingPhoto.objects.exists()

    def test_what_fails_without_a_clear_answer_keeps_its_files_until_the_night(self, reading, storage):
        drawing = Drawing(large=b"large", small=b"small")
        with (
            pytest.raises(IntegrityError),
            operations.stored_photo(reading.supplier_id, drawing, now=NOW) as name,
            transaction.atomic(),
        ):
            ReadingPhoto.objects.create(supplier_id=reading.supplier_id, reading=reading, stored_as=name)

        assert len(files(storage)) == 2
        assert sweep_photo_files(supplier_id=reading.supplier_id, now=dt.datetime.now(dt.UTC) + 2 * DAY) == 2
        assert files(storage) == []


class TestTheNight:
    def age(self, storage, days):
        moment = time.time() - days * 86_400
        for file in storage.rglob("*.jpg"):
            os.utime(file, (moment, moment))

    def test_files_without_a_row_go_when_they_are_a_day_old_and_no_others(self, reading, storage):
        kept = make_photo(reading)
        self.age(storage, 9)
        lost = f"supplier/{reading.supplier_id}/photos/2026-10/{'0' * 32}-large.jpg"
        (storage / lost).parent.mkdir()
        (storage / lost).write_bytes(b"of a request that was killed")

        now = dt.datetime.now(dt.UTC)
        assert sweep_photo_files(supplier_id=reading.supplier_id, now=now) == 0
        assert sweep_photo_files(supplier_id=reading.supplier_id, now=now + DAY + dt.timedelta(minutes=1)) == 1

        assert files(storage) == [f"{kept}-large.jpg", f"{kept}-small.jpg"]

    def test_where_nobody_has_sent_a_photo_there_is_nothing_to_do(self):
        assert sweep_photo_files(supplier_id=make_supplier().id, now=NOW) == 0

    @pytest.mark.parametrize(("days", "is_erased"), [(30, False), (31, True)])
    def test_photos_go_after_the_suppliers_days_and_their_files_with_them(
        self, reading, storage, days, is_erased, django_capture_on_commit_callbacks
    ):
        reading.supplier.photo_days = 30
        reading.supplier.save()
        make_photo(reading, added_at=NOW - days * DAY)

        with django_capture_on_commit_callbacks(execute=True):
            assert erase_old_photos(supplier_id=reading.supplier_id, now=NOW) == int(is_erased)

        assert ReadingPhoto.objects.exists() is not is_erased
        assert bool(files(storage)) is not is_erased
        assert Entry.objects.filter(action="photos.erased").exists() is is_erased
        assert Reading.objects.filter(id=reading.id).exists()

    def test_another_suppliers_photos_stay(self, reading):
        make_photo(reading, added_at=NOW - 400 * DAY)

        assert erase_old_photos(supplier_id=make_supplier().id, now=NOW) == 0
        assert ReadingPhoto.objects.exists()

    def test_one_job_does_both_for_all_suppliers(self, reading, storage, django_capture_on_commit_callbacks):
        make_photo(reading, added_at=NOW - 4000 * DAY)

        with django_capture_on_commit_callbacks(execute=True):
            tasks.erase_photos(timestamp=0)

        assert not ReadingPhoto.objects.exists()
        assert files(storage) == []


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def both(self, reading, act):
        problems = []

        def go(size):
            try:
                act(reading, size)
            except IntegrityError as problem:
                problems.append(problem)
            finally:
                close_old_connections()

        threads = [threading.Thread(target=go, args=[size]) for size in ((50, 50), (70, 70), (90, 90))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return problems

    def test_photos_sent_at_once_leave_one_with_its_two_files(self, reading, storage):
        assert self.both(reading, lambda reading, size: add(reading, picture(size=size))) == []

        photo = ReadingPhoto.objects.get()
        assert files(storage) == [f"{photo.stored_as}-large.jpg", f"{photo.stored_as}-small.jpg"]
        assert default_storage.exists(f"{photo.stored_as}-large.jpg")

    def test_without_the_lock_they_get_into_each_others_way(self, reading, storage):
        """The control: the same writes without the account's lock meet the constraint that backs it."""
        drawing, together = Drawing(large=b"large", small=b"small"), threading.Barrier(3)

        def unlocked(reading, size):
            with operations.stored_photo(reading.supplier_id, drawing, now=NOW) as name, transaction.atomic():
                together.wait(timeout=10)
                operations.attach_photo(reading, name, actor=None, now=NOW)

        problems = self.both(reading, unlocked)

        assert problems  # who is late enough may replace the one before instead
        assert ReadingPhoto.objects.count() == 1
