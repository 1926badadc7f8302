"""The form of a reading: it reads digits as people type them; the use-case decides what they mean."""

import datetime as dt
import re
import uuid
from decimal import Decimal
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kabinet.common.errors import Refusal
from kabinet.meters.queries import MeterCard, ScaleCard
from kabinet.meters.rules import fits_dial
from kabinet.meters.usecases.submit_reading import PhotoMissing, ReadingDoesNotFit, ReadingImplausible
from kabinet.suppliers.queries import SupplierCard
from kabinet.web.ui import formats
from kabinet.web.ui.forms import Form

SPACES = re.compile(r"[\s\u00a0\u202f]")


class DialField(forms.Field):
    """What a dial shows: digits, with or without spaces between them and zeros before them."""

    default_error_messages = {
        "required": _("Укажите, что показывает счётчик."),
        "invalid": _("Введите чёрные цифры счётчика до запятой. Красные цифры не нужны."),
    }

    def to_python(self, value: Any) -> Decimal | None:
        digits = SPACES.sub("", value or "")
        if not digits:
            return None
        if not re.fullmatch(r"[0-9]{1,12}", digits):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return Decimal(digits)


class PhotoField(forms.FileField):
    """A photo of the meter. The use-case looks at the file itself.

    It accepts what is kept: so iPhones and Macs hand over a JPEG instead of their own HEIC. Without `capture`, which
    would leave no way but the camera: many have taken the photo at the meter, and type at a table.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=_("Фотография счётчика"),
            allow_empty_file=True,
            widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
            error_messages={"required": _("Выберите фотографию."), "invalid": _("Выберите фотографию.")},
            **kwargs,
        )


class PhotoForm(Form):
    """A photo for a reading that is there."""

    photo = PhotoField()


class ReadingForm(Form):
    """One reading of one scale. `back` is where to go on: to the account's first page, or to its readings."""

    value_m3 = DialField(label=_("Показание"))
    taken_on = forms.DateField(
        label=_("Когда снято"),
        error_messages={"required": _("Укажите день."), "invalid": _("Укажите день, например 22.11.2026.")},
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    confirmed = forms.BooleanField(label=_("Число верное, расход действительно такой"), required=False)
    rolled_over = forms.BooleanField(label=_("Счётчик прошёл через ноль"), required=False)
    photo = PhotoField(required=False)
    scale_id = forms.IntegerField(widget=forms.HiddenInput)
    request_id = forms.UUIDField(widget=forms.HiddenInput)
    back = forms.ChoiceField(choices=[("account", ""), ("readings", "")], widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        meter: MeterCard,
        scale: ScaleCard,
        data: Any = None,
        files: Any = None,
        *,
        supplier: SupplierCard,
        today: dt.date,
        back: str,
    ) -> None:
        super().__init__(
            data,
            files,
            auto_id=f"id_{scale.id}_%s",
            initial={"taken_on": today, "scale_id": scale.id, "request_id": uuid.uuid4(), "back": back},
        )
        self.meter, self.scale = meter, scale
        self.requires_photo = supplier.requires_photos
        if not supplier.takes_photos:
            del self.fields["photo"]
        value = self.fields["value_m3"]
        value.label = _("Показание на %(day)s") % {"day": formats.day_words(today)}
        value.widget.attrs |= {
            "inputmode": "numeric",
            "maxlength": 20,
            "autocomplete": "off",
            "placeholder": formats.reading(scale.previous_m3, meter.digits) if scale.previous_m3 is not None else "",
            "hx-encoding": "application/x-www-form-urlencoded",  # the photo stays here while the number is typed
            "hx-post": reverse("cabinet:reading_estimate", args=[meter.supplier_id, meter.id]),
            "hx-trigger": "input changed delay:300ms",
            "hx-target": f"#estimate-{scale.id}",
        }
        self.fields["taken_on"].widget.attrs["max"] = today.isoformat()

    def refuse(self, refusal: Refusal) -> None:
        """Show a refusal; and that the photo is needed, once it is known that the volume is much above the usual."""
        super().refuse(refusal)
        if self.requires_photo and refusal.code in (ReadingImplausible.code, PhotoMissing.code):
            self.fields["photo"].required = True

    def clean_value_m3(self) -> Decimal:
        value_m3 = self.cleaned_data["value_m3"]
        if not fits_dial(value_m3, digits=self.meter.digits):
            raise forms.ValidationError(str(ReadingDoesNotFit(digits=self.meter.digits)), code=ReadingDoesNotFit.code)
        return value_m3

    @property
    def asks_confirmation(self) -> bool:
        """Whether the box «the number is right» is shown: the use-case has asked, or it was ticked."""
        return self.has_error("value_m3", ReadingImplausible.code) or self["confirmed"].value()

    @property
    def lost_photo(self) -> bool:
        """Whether a photo came with what is shown again: a browser does not keep the file for another try."""
        return bool(self.files.get("photo"))

    @property
    def asks_rollover(self) -> bool:
        return self.has_error("value_m3", "rollover-not-confirmed") or self["rolled_over"].value()
