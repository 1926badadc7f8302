"""«Фотография счётчика»: with the reading, after it, and for whom it is shown."""

from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from kabinet.accounts.tests.factories import make_access, make_account
from kabinet.meters.models import Reading, ReadingPhoto
from kabinet.meters.tests.factories import make_meter, make_photo, make_reading
from kabinet.meters.tests.pictures import HEIC, picture
from kabinet.people.tests.factories import make_user
from kabinet.suppliers.tests.factories import make_supplier
from kabinet.tariffs.tests.factories import make_tariff
from kabinet.web.cabinet.tests.screens import shown_on, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def on_a_day_in_november():
    with shown_on("2026-11-22"):
        yield


@pytest.fixture(autouse=True)
def storage(settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    }


@pytest.fixture
def meter(client):
    supplier = make_supplier(reading_opens_day=15, reading_closes_day=25)
    make_tariff(supplier)
    meter = make_meter(make_account(supplier), value="1234", on="2026-10-25")
    make_reading(meter, "1244", on="2026-11-15")
    client.user = make_user()
    make_access(client.user, meter.account)
    client.force_login(client.user)
    return meter


@pytest.fixture
def reading(client, meter):
    return make_reading(meter, "1900", on="2026-11-20", status="questionable", author=client.user)


def photo(content=None):
    return SimpleUploadedFile("IMG_0042.HEIC", picture() if content is None else content, "image/heic")


def submit(client, meter, value="1254", **values):
    scale_id = Reading.objects.filter(meter=meter).values_list("scale_id", flat=True).first()
    fields = {"value_m3": value, "taken_on": "2026-11-22", "scale_id": scale_id, "request_id": UUID(int=1)}
    return client.post(reverse("cabinet:reading_submit", args=[meter.supplier_id, meter.id]), fields | values)


def readings(client, meter):
    return client.get(reverse("cabinet:readings", args=[meter.supplier_id, meter.account_id]))


def address(reading, *more):
    name = "reading_photo_file" if more else "reading_photo"
    return reverse(f"cabinet:{name}", args=[reading.supplier_id, reading.id, *more])


def ask_for(meter, photos):
    meter.supplier.reading_photos = photos
    meter.supplier.save()


class TestWithTheReading:
    def test_the_form_takes_a_photo_and_sends_files(self, client, meter):
        page = readings(client, meter).content.decode()

        assert 'type="file"' in page
        assert 'accept="image/jpeg,image/png,image/webp"' in page
        assert 'enctype="multipart/form-data"' in page
        assert 'hx-encoding="application/x-www-form-urlencoded"' in page

    def test_it_is_kept_whatever_its_name_says(self, client, meter):
        answer = submit(client, meter, photo=photo())

        assert answer.status_code == 302
        page = text_of(readings(client, meter))
        assert "Показание 01 254 принято." in page
        assert "не приложена" not in page
        assert ReadingPhoto.objects.get().reading.value_m3 == 1254
        assert "фото от 22.11.2026" in page

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (HEIC, "Это фотография в формате HEIC"),
            (b"<svg/>", "Это не фотография."),
            (picture()[:100], "Фотография не открывается"),
            (b"", "Файл фотографии пустой."),
        ],
    )
    def test_a_refused_photo_is_said_and_the_number_stands(self, client, meter, content, said):
        submit(client, meter, photo=photo(content))

        page = text_of(readings(client, meter))
        assert "Показание 01 254 принято." in page
        assert "Фотография к показанию не приложена." in page
        assert said in page
        assert "Само показание сохранено." in page

    def test_when_the_number_is_asked_about_the_photo_must_be_chosen_again(self, client, meter):
        page = text_of(submit(client, meter, "1400", photo=photo()))

        assert "Число верное, расход действительно такой" in page
        assert "Выберите фотографию ещё раз: браузер её не запоминает." in page
        assert "браузер её не запоминает" not in text_of(submit(client, meter, "1400"))

    def test_the_estimate_needs_no_photo(self, client, meter):
        path = reverse("cabinet:reading_estimate", args=[meter.supplier_id, meter.id])
        scale_id = Reading.objects.filter(meter=meter).values_list("scale_id", flat=True).first()
        fields = {"value_m3": "1254", "taken_on": "2026-11-22", "scale_id": scale_id, "request_id": UUID(int=1)}

        answer = client.post(path, fields | {"photo": "[object File]"}, headers={"HX-Request": "true"})

        assert "Расход 10 м³" in text_of(answer)

    def test_without_scripts_the_estimate_says_that_the_photo_must_be_chosen_again(self, client, meter):
        path = reverse("cabinet:reading_estimate", args=[meter.supplier_id, meter.id])
        scale_id = Reading.objects.filter(meter=meter).values_list("scale_id", flat=True).first()
        fields = {"value_m3": "1254", "taken_on": "2026-11-22", "scale_id": scale_id, "request_id": UUID(int=1)}

        page = text_of(client.post(path, fields | {"photo": photo()}))

        assert "Расход 10 м³" in page
        assert "браузер её не запоминает" in page

    def test_switched_off_there_is_no_field_and_a_file_is_left_alone(self, client, meter):
        ask_for(meter, "off")

        assert 'type="file"' not in readings(client, meter).content.decode()
        submit(client, meter, photo=photo())
        assert not ReadingPhoto.objects.exists()
        assert Reading.objects.filter(value_m3=1254).exists()

    def test_required_it_is_asked_for_with_a_large_volume_and_not_with_a_usual_one(self, client, meter):
        ask_for(meter, "required")

        asked = submit(client, meter, "1400")
        assert "Такой расход поставщик принимает только с фотографией" in text_of(asked)
        without = submit(client, meter, "1400", confirmed="on")
        assert without.status_code == 422
        assert "photo" in without.context["form"].errors
        broken = submit(client, meter, "1400", confirmed="on", photo=photo(b"text"))
        assert "Это не фотография." in text_of(broken)
        assert broken.context["form"]["value_m3"].value() == "1400"
        assert not Reading.objects.filter(value_m3=1400).exists()
        assert submit(client, meter, "1400", confirmed="on", photo=photo()).status_code == 302
        assert Reading.objects.get(value_m3=1400).status == "questionable"
        assert submit(client, meter, "1254", request_id=UUID(int=2)).status_code == 302


class TestAfterwards:
    def test_a_reading_that_waits_leads_to_the_photo_and_takes_it(self, client, meter, reading):
        assert address(reading) in readings(client, meter).content.decode()

        answer = client.post(address(reading), {"photo": photo()})

        assert answer.status_code == 302
        page = text_of(readings(client, meter))
        assert "Фотография приложена к показанию 01 900." in page
        assert "Добавить фото" not in page
        assert address(reading, "small") in client.get(address(reading)).content.decode()

    def test_a_photo_that_staff_ask_for_is_said_at_the_reading_until_it_is_there(self, client, meter, reading):
        Reading.objects.filter(id=reading.id).update(photo_asked_at=reading.submitted_at)

        assert "Поставщик просит фотографию счётчика." in text_of(readings(client, meter))
        client.post(address(reading), {"photo": photo()})
        assert "Поставщик просит" not in text_of(readings(client, meter))

    def test_a_bad_file_is_answered_at_its_field(self, client, reading):
        answer = client.post(address(reading), {"photo": photo(b"GIF89a")})

        assert answer.status_code == 422
        assert "Это не фотография. Подойдёт снимок с телефона: файл JPEG, PNG или WebP." in text_of(answer)

    def test_no_file_is_asked_for(self, client, reading):
        assert "Выберите фотографию." in text_of(client.post(address(reading), {"photo": ""}))

    def test_what_is_decided_takes_none(self, client, meter, reading):
        Reading.objects.filter(id=reading.id).update(status="rejected")

        page = client.get(address(reading))
        assert "По этому показанию уже решено" in text_of(page)
        assert 'type="file"' not in page.content.decode()
        assert client.post(address(reading), {"photo": photo()}).status_code == 422

    def test_switched_off_nothing_leads_there(self, client, meter, reading):
        ask_for(meter, "off")

        assert address(reading) not in readings(client, meter).content.decode()
        assert "не принимает фотографии" in text_of(client.get(address(reading)))


class TestWhoSees:
    def test_the_picture_is_shown_and_never_run_framed_or_kept(self, client, reading):
        make_photo(reading, large=picture())

        answer = client.get(address(reading, "large"))

        assert answer.content == picture()
        headers = answer.headers
        assert headers["Content-Type"] == "image/jpeg"
        assert headers["Content-Disposition"] == f'inline; filename="meter-{reading.id}.jpg"'
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "no-store" in headers["Cache-Control"]

    @pytest.mark.parametrize("size", ["original", "large2", "Large"])
    def test_another_size_is_not_found(self, client, reading, size):
        make_photo(reading)

        assert client.get(address(reading, size)).status_code == 404

    def test_lite_access_hands_one_in_and_does_not_see_it(self, client, meter):
        lite = make_user()
        make_access(lite, meter.account, level="lite")
        client.force_login(lite)
        own = make_reading(meter, "1900", on="2026-11-20", status="questionable", author=lite)

        assert client.post(address(own), {"photo": photo()}).status_code == 302
        page = client.get(address(own))
        assert "Посмотреть её здесь можно при полном доступе" in text_of(page)
        assert meter.serial_number not in text_of(page)
        assert client.get(address(own, "large")).status_code == 404

    def test_files_are_nobodys_without_the_view(self, client, reading):
        stored_as = make_photo(reading)

        for root in ("", "/files", "/media", "/static"):
            assert client.get(f"{root}/{stored_as}-large.jpg").status_code == 404
