"""Which keys do what in the office."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from kabinet.web.backoffice.access import office

#: Where, and there: the keys and what they do.
SHORTCUTS = (
    (
        _("На каждой странице"),
        (
            ("?", _("Открыть эту страницу")),
            ("/", _("Найти абонента")),
            ("Tab", _("К следующей ссылке или полю, с Shift — к предыдущему")),
            ("Enter", _("Открыть ссылку, нажать кнопку")),
            ("Esc", _("Закрыть меню, подсказку или разделы")),
        ),
    ),
    (
        _("Показания на проверке"),
        (
            ("J", _("Следующее показание")),
            ("K", _("Предыдущее показание")),
            ("A", _("Учесть показание")),
            ("R", _("Написать причину отказа")),
            ("F", _("Открыть фотографию или попросить её")),
            ("T", _("Повернуть открытую фотографию")),
        ),
    ),
    (_("Абоненты"), (("↓ ↑", _("Выбрать из найденных, Enter — открыть")),)),
    (_("Обращения"), (("R", _("Написать ответ")),)),
)


@office("")
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    return render(request, "office/shortcuts.html", {"shortcuts": SHORTCUTS})
