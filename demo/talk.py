"""What the staff of the first supplier talk about with its customers: questions, readings in doubt, notices.

Questions are rows and not use-cases: their letters would have gone days ago.
"""

import datetime as dt
import io
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db import transaction

from demo.dial import dial_photo
from kabinet.accounts.models import Account, AccountAccess
from kabinet.meters import operations as meters
from kabinet.meters.models import MeterScale, Reading
from kabinet.meters.queries import latest_accepted
from kabinet.notices.models import Notice
from kabinet.notices.queries import reach
from kabinet.notices.rules import Audience
from kabinet.notices.usecases.save_notice import Wording, save_notice
from kabinet.notices.usecases.send_batch import send_batch
from kabinet.notices.usecases.send_notice import send_notice
from kabinet.people.models import User
from kabinet.suppliers.models import Supplier
from kabinet.suppliers.queries import supplier_card
from kabinet.support import queries as questions
from kabinet.support.models import AnswerTemplate, Message, Question

#: More than they usually use, in cubic metres: readings that somebody has to look at.
DOUBTFUL_M3 = (940, 1310, 780, 2050)
#: Looked for among so many of the last accounts; what the named people have takes part in other stories.
CROWD = 40


@dataclass(frozen=True)
class Talk:
    """A question: days ago it was asked, and what was said in it, by whom, so many hours later."""

    email: str
    days_ago: int
    subject: str
    text: str
    said: tuple[tuple[str, str, int], ...] = ()
    is_about_account: bool = True
    is_taken: bool = False


TALKS = (
    Talk(
        "ivan@example.test",
        1,
        "Когда придёт контролёр",
        "Здравствуйте! В подъезде висит объявление, что на этой неделе будут проверять счётчики, а день не указан. "
        "Я работаю до шести, можно ли прийти вечером?",
    ),
    Talk(
        "anna@example.test",
        6,
        "Не пришла квитанция на бумаге",
        "В прошлом месяце квитанции в ящике не было. Я её не отключала.",
        is_taken=True,
    ),
    Talk(
        "oleg@example.test",
        3,
        "Поверка счётчика",
        "Поверка закончилась, мастер был вчера и оставил акт. Куда его отправить?",
        said=(
            (
                "roman@example.test",
                (
                    "Здравствуйте, Олег Николаевич! Пришлите, пожалуйста, номер и дату акта прямо сюда: внесём, и "
                    "показания снова будут учитываться."
                ),
                5,
            ),
            ("oleg@example.test", "Акт № 118 от 20 числа. Мастер — Сергеев, «Метрология-Север».", 26),
        ),
        is_taken=True,
    ),
    Talk(
        "maria@example.test",
        12,
        "Справка для субсидии",
        "Нужна справка, что по закрытому счёту нет долга. Её можно получить здесь?",
        said=(
            (
                "roman@example.test",
                "Здравствуйте! Да: откройте счёт и выберите «Справки». Она сразу готова, а код на ней проверяет любой.",
                3,
            ),
        ),
    ),
    Talk(
        "maria@example.test",
        2,
        "Не приходит код на почту",
        "Вхожу с нового телефона, жду код уже полчаса.",
        is_about_account=False,
    ),
)

READY_ANSWERS = (
    (
        "Оплата идёт",
        (
            "Здравствуйте, [имя]!\n\nБанк передаёт нам оплаты раз в день, обычно к полудню. Ваша появится на счёте "
            "[лицевой счёт] завтра; проценты и пени за эти дни не начисляются."
        ),
    ),
    (
        "Как передать показания",
        (
            "Здравствуйте, [имя]!\n\nОткройте «Показания», впишите чёрные цифры счётчика до запятой и нажмите "
            "«Передать». Показания принимаем в дни, которые там указаны."
        ),
    ),
)


def save_talk(supplier: Supplier, staff: dict[str, User], people: dict[str, User], now: dt.datetime) -> None:
    """Write it all."""
    with transaction.atomic():
        for title, text in READY_ANSWERS:
            AnswerTemplate.objects.create(supplier=supplier, title=title, text=text)
        everybody = {**people, **staff}
        for talk in TALKS:
            if talk.email in people:
                _ask(talk, supplier, everybody, now)
        _doubt(supplier, people.values(), now)
    _tell(supplier, staff["lidia@example.test"], now)


def _ask(talk: Talk, supplier: Supplier, everybody: dict[str, User], now: dt.datetime) -> None:
    author = everybody[talk.email]
    access = AccountAccess.objects.filter(supplier=supplier, user=author).order_by("position").first()
    about = access if talk.is_about_account else None
    asked_at = now - dt.timedelta(days=talk.days_ago)
    question = Question(
        user=author,
        supplier=supplier if about else None,
        account_id=about.account_id if about else None,
        subject=talk.subject,
        text=talk.text,
        request_id=uuid.uuid4(),
        asked_at=asked_at,
        assignee=everybody["roman@example.test"] if talk.is_taken or talk.said else None,
    )
    waits_since = asked_at
    for email, _text, hours in talk.said:
        is_from_staff = everybody[email].is_staff
        question.state = Question.State.ANSWERED if is_from_staff else Question.State.WAITING
        waits_since = asked_at + dt.timedelta(hours=hours)
    if question.state == Question.State.WAITING:
        question.due_on = questions.due_on(question.supplier, now=waits_since)
    question.save()
    for email, text, hours in talk.said:
        Message.objects.create(
            question=question,
            kind=Message.Kind.STAFF if everybody[email].is_staff else Message.Kind.CUSTOMER,
            author=everybody[email],
            text=text,
            request_id=uuid.uuid4(),
            sent_at=asked_at + dt.timedelta(hours=hours),
        )


def _doubt(supplier: Supplier, people: Iterable[User], now: dt.datetime) -> None:
    """Hand in readings that are much above the usual, as their customers insist."""
    card = supplier_card(supplier.id)
    today = now.astimezone(ZoneInfo(supplier.time_zone)).date()
    held = AccountAccess.objects.filter(supplier=supplier, user__in=people).values("account_id")
    crowd = Account.objects.filter(supplier=supplier, closed_on__isnull=True).exclude(id__in=held).order_by("-number")
    scales = [
        scale
        for account in crowd[:CROWD]
        for scale in MeterScale.objects.filter(supplier=supplier, meter__account=account).select_related("meter")
        if meters.is_counting(scale.meter, on=today) and scale.meter.removed_on is None
    ]
    for number, (scale, volume_m3) in enumerate(zip(scales, DOUBTFUL_M3, strict=False)):
        previous = latest_accepted(supplier.id, scale.id)
        if previous is None or previous.taken_on >= today:
            continue
        value_m3 = previous.value_m3 + Decimal(volume_m3)
        used = meters.consumption_since(previous, value_m3, today, scale.meter, card, rolled_over=False)
        reading = meters.record_reading(
            scale.meter,
            scale,
            value_m3=value_m3,
            taken_on=today,
            status=Reading.Status.QUESTIONABLE,
            source=Reading.Source.CUSTOMER,
            request_id=uuid.uuid4(),
            submitted_at=now - dt.timedelta(hours=3 * number + 1),
            is_unproven=number == 1,
            **used,
        )
        if number == 0:
            _photograph(reading, now)


def _photograph(reading: Reading, now: dt.datetime) -> None:
    """Add the photo that shows what the customer says."""
    digits = f"{reading.value_m3:0{reading.meter.digits}.0f}"
    drawing = meters.draw_photo(io.BytesIO(dial_photo(digits, reading.meter.serial_number)))
    with meters.stored_photo(reading.supplier_id, drawing, now=now) as stored_as:
        meters.attach_photo(reading, stored_as, actor=None, now=now)


def _tell(supplier: Supplier, manager: User, now: dt.datetime) -> None:
    """Send a notice to those whose verification is over, and leave another unsent."""
    today = now.astimezone(ZoneInfo(supplier.time_zone)).date()
    over = Audience(verification_until=today)
    sent = _save(
        supplier,
        manager,
        now,
        Wording(
            subject="Поверьте счётчик до Нового года",
            text="Срок поверки Вашего счётчика закончился, поэтому плату начисляем по нормативу. До конца года выезд "
            "мастера бесплатный: закажите его по телефону поставщика.",
            audience=over,
            has_letter=False,
            has_banner=True,
            shown_from=today,
            shown_until=today + dt.timedelta(days=30),
            is_mandatory=False,
        ),
    )
    count = reach(supplier.id, over).accounts_count
    if count:
        send_notice(
            supplier_id=supplier.id,
            notice_id=sent.id,
            seen_written_at=sent.written_at,
            seen_accounts=count,
            actor=manager,
            now=now,
        )
        while send_batch(supplier_id=supplier.id, notice_id=sent.id, now=now):
            pass
    in_a_week = today + dt.timedelta(days=7)
    _save(
        supplier,
        manager,
        now,
        Wording(
            subject=f"Перерыв в подаче газа {in_a_week:%d.%m.%Y}",
            text=f"{in_a_week:%d.%m.%Y} с 10 до 16 часов газа не будет: меняем участок трубы. Закройте, пожалуйста, "
            "краны перед приборами.",
            audience=Audience(street="лесная"),
            has_letter=True,
            has_banner=True,
            shown_from=today,
            shown_until=in_a_week + dt.timedelta(days=1),
            is_mandatory=True,
        ),
    )


def _save(supplier: Supplier, manager: User, now: dt.datetime, wording: Wording) -> Notice:
    return save_notice(
        supplier_id=supplier.id,
        notice_id=None,
        wording=wording,
        request_id=uuid.uuid4(),
        actor=manager,
        now=now,
    )
