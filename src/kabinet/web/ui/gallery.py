"""What the gallery shows: made-up values for each component, long and short, present and missing."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest

from kabinet.web.ui.charts import Bar, BarChart, bar_chart

MONTHS = ("янв", "фев", "мар", "апр", "май", "июн", "июл", "авг", "сен", "окт", "ноя", "дек")
MONTH_NAMES = (
    "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь".split()  # noqa: SIM905
)
USUAL_M3 = (248, 231, 176, 118, 64, 31, 22, 24, 52, 121, 187, 212)
SUPPLIERS = ("Межрегионгаз Воронеж", "Межрегионгаз Калуга", "Межрегионгаз Йошкар-Ола", "Межрегионгаз Киров")


class ExampleForm(forms.Form):
    email = forms.EmailField(
        label="E-mail (логин)",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text="На этот адрес придёт ссылка для подтверждения.",
    )
    password = forms.CharField(
        label="Укажите пароль", widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )
    supplier = forms.ChoiceField(
        label="Поставщик", choices=[("", "<не выбрана>"), *((str(place), name) for place, name in enumerate(SUPPLIERS))]
    )
    reading = forms.DecimalField(
        label="Показание на 22 ноября",
        help_text="Предыдущее: 08 225 от 23 октября",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "placeholder": "08 412"}),
    )
    note = forms.CharField(label="Как назвать счёт", required=False)
    question = forms.CharField(label="Вопрос", widget=forms.Textarea)
    way = forms.ChoiceField(
        label="Куда ответить",
        choices=[("email", "На почту"), ("cabinet", "Только в кабинет")],
        widget=forms.RadioSelect,
    )
    consent = forms.BooleanField(label="Согласен на обработку персональных данных")


def context(request: HttpRequest) -> dict[str, Any]:
    """Give the gallery its values; it stores nothing and asks no database."""
    wrong = ExampleForm({"wrong-email": "иван@", "wrong-reading": "много", "wrong-note": "Дача"}, prefix="wrong")
    wrong.add_error(None, "Показание меньше прежнего. Проверьте число или сообщите о замене счётчика.")
    return {
        "form": ExampleForm(),
        "wrong_form": wrong,
        "year_chart": _chart(12),
        "three_years_chart": _chart(36),
        "marked_chart": _marked_chart(),
        "empty_chart": bar_chart([], title="Расход газа по месяцам", unit="м³"),
        "due_rub": Decimal("1284.56"),
        "large_rub": Decimal("1234567.89"),
        "overpaid_rub": Decimal("-200"),
        "said": [
            Message(messages.SUCCESS, "Показание принято."),
            Message(messages.WARNING, "Письмо ещё не дошло."),
            Message(messages.ERROR, "Банк отказал в оплате."),
        ],
    }


def _marked_chart() -> BarChart:
    """Give days, the last two of them still to come, each measured by an earlier one."""
    values = (120, 340, 275, 410, None, None)
    bars = [
        Bar(str(day), f"{day} ноября", Decimal(value) if value else None, mark=Decimal(90 * (day % 5 + 1)))
        for day, value in enumerate(values, start=20)
    ]
    return bar_chart(bars, title="Показания по дням", unit="шт.", category="День", mark_title="в прошлом месяце")


def _chart(count: int) -> BarChart:
    """Give months up to November 2026 with a gap and an estimate among them."""
    bars = []
    for back in range(count - 1, -1, -1):
        year, month = divmod(2026 * 12 + 10 - back, 12)
        value = None if back == 17 else Decimal(USUAL_M3[month]) + (7 * back % 23 if back else 0)
        bars.append(
            Bar(
                label=MONTHS[month],
                name=f"{MONTH_NAMES[month]} {year}",
                value=value,
                group=str(year),
                is_estimated=back == 1,
            )
        )
    return bar_chart(bars, title="Расход газа по месяцам", unit="м³")
