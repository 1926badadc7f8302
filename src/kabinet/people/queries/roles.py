"""The table role × use-case × field in words, as a screen shows it; a test holds it and the code together."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from kabinet.people.models import StaffRole
from kabinet.people.rules import rights
from kabinet.people.rules.rights import (
    ADJUST_CHARGES,
    ANSWER_QUESTIONS,
    APPLY_REGISTERS,
    APPROVE_ADJUSTMENTS,
    APPROVE_REFUND,
    APPROVE_TARIFFS,
    CAPTURE_PAYMENT,
    DECIDE_SUSPENSE,
    KEEP_ACCOUNTS,
    LIFT_ALARM,
    LOAD_REGISTERS,
    MANAGE_STAFF,
    RECONCILE,
    RECORD_PAYOUT,
    REFUND_PAYMENT,
    RELEASE_ACCRUAL,
    REVIEW_READINGS,
    SEE_AUDIT,
    SEE_CUSTOMERS,
    SEE_HEALTH,
    SEE_PAYMENTS,
    SEE_TARIFFS,
    SEND_NOTICES,
    SEND_REGISTERS,
    SET_BANK_DETAILS,
    SET_SHOPS,
    SET_SUPPLIER,
    SET_TARIFFS,
    SET_UP_SUPPLIERS,
    START_ACCRUAL,
)


@dataclass(frozen=True)
class Act:
    """Something that staff do. usecases: what it is in code, as ``app.name``; empty for what is only looked at.

    takes_two  one begins, another one ends
    """

    title: Any
    right: str
    usecases: Collection[str] = ()
    takes_two: bool = False


@dataclass(frozen=True)
class Row:
    """A line of the table. cells: role by role, its name and whether it may."""

    title: str
    takes_two: bool
    cells: Sequence[tuple[str, bool]]


@dataclass(frozen=True)
class Group:
    title: str
    rows: Sequence[Row]


ACTS: Mapping[Any, Sequence[Act]] = {
    _("Абоненты"): [
        Act(_("Видеть карточки абонентов"), SEE_CUSTOMERS),
        Act(
            _("Записывать проживающих, отсутствие, направление и то, что считает норматив"),
            KEEP_ACCOUNTS,
            (
                "accounts.set_residents",
                "accounts.set_usage",
                "accounts.note_absence",
                "accounts.withdraw_absence",
                "accounts.set_norm_units",
            ),
        ),
        Act(
            _("Ставить, менять, снимать и поверять счётчики"),
            KEEP_ACCOUNTS,
            (
                "meters.install_meter",
                "meters.replace_meter",
                "meters.remove_meter",
                "meters.verify_meter",
                "meters.note_outage",
                "meters.end_outage",
            ),
        ),
        Act(_("Записывать показания за абонента"), KEEP_ACCOUNTS, ("meters.record_reading",)),
        Act(_("Отзывать неверные показания"), KEEP_ACCOUNTS, ("charges.withdraw_reading",)),
        Act(_("Решать о сомнительных показаниях"), REVIEW_READINGS, ("meters.review_reading", "meters.ask_photo")),
        Act(_("Назначать и завершать льготы"), KEEP_ACCOUNTS, ("tariffs.grant_benefit", "tariffs.end_benefit")),
        Act(
            _("Давать полный доступ к счёту и отключать его от кабинетов"),
            KEEP_ACCOUNTS,
            ("accounts.give_full_access", "accounts.end_access"),
        ),
        Act(_("Закрывать лицевые счета"), KEEP_ACCOUNTS, ("meters.close_account",)),
        Act(
            _("Отвечать на обращения, снова открывать кабинетам подключение счетов"),
            ANSWER_QUESTIONS,
            (
                "support.answer_question",
                "accounts.lift_attaching_lock",
                "support.assign_question",
                "support.note_on_question",
                "support.save_ready_answer",
                "support.delete_ready_answer",
            ),
        ),
        Act(
            _("Рассылать уведомления"),
            SEND_NOTICES,
            (
                "notices.save_notice",
                "notices.try_notice",
                "notices.send_notice",
                "notices.stop_notice",
                "notices.delete_notice",
            ),
        ),
    ],
    _("Платежи"): [
        Act(_("Видеть платежи, возвраты и невыясненные суммы"), SEE_PAYMENTS),
        Act(
            _("Списывать и отпускать заблокированные деньги"),
            CAPTURE_PAYMENT,
            ("payments.capture_payment", "payments.release_payment"),
        ),
        Act(
            _("Начинать и отзывать возвраты, записывать оспаривания"),
            REFUND_PAYMENT,
            ("payments.refund_payment", "payments.withdraw_refund", "payments.record_chargeback"),
        ),
        Act(_("Подтверждать возвраты больше предела"), APPROVE_REFUND, ("payments.approve_refund",), takes_two=True),
        Act(
            _("Решать о невыясненных суммах"),
            DECIDE_SUSPENSE,
            ("payments.allocate_suspended", "payments.refund_suspended"),
        ),
        Act(
            _("Сверять и закрывать дни"),
            RECONCILE,
            ("payments.load_statement", "payments.note_day_line", "payments.close_day"),
        ),
        Act(_("Записывать выплаты"), RECORD_PAYOUT, ("payments.record_payout",)),
        Act(_("Снимать тревоги с платежей"), LIFT_ALARM, ("payments.lift_alarm",)),
    ],
    _("Начисления и тарифы"): [
        Act(_("Видеть тарифы, нормативы и льготы"), SEE_TARIFFS, ("tariffs.try_terms",)),
        Act(
            _("Предлагать тарифы, нормативы и льготы, задавать плату по договорам и порядок начисления"),
            SET_TARIFFS,
            (
                "tariffs.set_tariff",
                "tariffs.set_norm",
                "tariffs.set_volume_factor",
                "tariffs.load_price_order",
                "tariffs.propose_terms",
                "tariffs.withdraw_terms",
                "tariffs.set_monthly_fee",
                "tariffs.end_monthly_fee",
                "charges.set_accrual_policy",
                "charges.weigh_price",
            ),
        ),
        Act(
            _("Подтверждать и отклонять предложенные тарифы, нормативы и льготы"),
            APPROVE_TARIFFS,
            ("tariffs.approve_terms", "tariffs.decline_terms"),
            takes_two=True,
        ),
        Act(
            _("Начинать, проверять, пересчитывать и отменять начисления"),
            START_ACCRUAL,
            (
                "charges.start_accrual",
                "charges.check_accrual",
                "charges.recompute_accrual",
                "charges.rerun_account",
                "charges.cancel_accrual",
            ),
        ),
        Act(_("Проводить начисления"), RELEASE_ACCRUAL, ("charges.release_accrual",), takes_two=True),
        Act(
            _("Прибавлять к начислениям, пересчитывать месяцы, восстанавливать списанные долги"),
            ADJUST_CHARGES,
            ("charges.adjust_charge", "charges.correct_month", "charges.set_opening_balance", "charges.restore_debt"),
        ),
        Act(
            _("Предлагать списания и корректировки в пользу абонента"),
            ADJUST_CHARGES,
            ("charges.propose_document", "charges.withdraw_document"),
        ),
        Act(
            _("Проводить и отклонять предложенные списания и корректировки"),
            APPROVE_ADJUSTMENTS,
            ("charges.approve_document", "charges.decline_document"),
            takes_two=True,
        ),
    ],
    _("Реестры"): [
        Act(
            _("Загружать реестры и настраивать их вид"),
            LOAD_REGISTERS,
            (
                "registers.upload_register",
                "registers.read_register",
                "registers.cancel_register",
                "registers.save_format_profile",
                "registers.remove_format_profile",
            ),
        ),
        Act(
            _("Проводить и отменять реестры с деньгами"),
            APPLY_REGISTERS,
            ("registers.approve_register", "registers.approve_recall"),
            takes_two=True,
        ),
        Act(
            _("Просить отменить реестр, отзывать просьбу, менять пределы"),
            APPLY_REGISTERS,
            ("registers.recall_register", "registers.withdraw_recall", "registers.set_register_limits"),
        ),
        Act(
            _("Составлять реестры поставщику и настраивать их отправку"),
            SEND_REGISTERS,
            (
                "registers.ask_register",
                "registers.make_register",
                "registers.download_register",
                "registers.resend_register",
                "registers.resend_refused",
                "registers.acknowledge_register",
                "registers.book_payments",
                "registers.save_dispatch",
                "registers.ask_host_key",
                "registers.trust_host_key",
            ),
        ),
    ],
    _("Поставщик и сотрудники"): [
        Act(
            _("Заводить поставщиков, менять их карточки и направления использования газа"),
            SET_UP_SUPPLIERS,
            ("suppliers.add_supplier", "suppliers.change_supplier", "suppliers.name_usage_purpose"),
        ),
        Act(_("Настраивать кабинет"), SET_SUPPLIER, ("suppliers.save_supplier_settings",)),
        Act(
            _("Менять банковские реквизиты"),
            SET_BANK_DETAILS,
            (
                "suppliers.ask_bank_details_change",
                "suppliers.confirm_bank_details_change",
                "suppliers.withdraw_bank_details_change",
            ),
            takes_two=True,
        ),
        Act(
            _("Записывать магазины в платёжных системах, их ключи и пределы, выключать их"),
            SET_SHOPS,
            ("payments.add_shop", "payments.change_shop", "payments.renew_shop_key", "payments.switch_shop_off"),
        ),
        Act(
            _("Включать магазины: через какой идут деньги"),
            SET_SHOPS,
            ("payments.ask_shop_switch", "payments.confirm_shop_switch", "payments.withdraw_shop_switch"),
            takes_two=True,
        ),
        Act(
            _("Приглашать сотрудников и снимать роли"),
            MANAGE_STAFF,
            (
                "people.invite_staff",
                "people.send_invitation_again",
                "people.withdraw_invitation",
                "people.withdraw_role",
            ),
        ),
        Act(
            _("Подтверждать руководителя, бухгалтера, оператора"),
            MANAGE_STAFF,
            ("people.confirm_invitation",),
            takes_two=True,
        ),
        Act(_("Смотреть журнал действий"), SEE_AUDIT),
        Act(_("Видеть состояние установки"), SEE_HEALTH),
    ],
}

#: What is seen of an account and of who pays, and by which right.
FIELDS: Sequence[tuple[Any, str]] = tuple(
    (title, rights.SHOWN_BY[field])
    for title, field in (
        (_("Номер счёта и суммы платежей"), rights.NUMBER),
        (_("Фамилия, имя, отчество и адрес"), rights.PERSON),
        (_("Начисления, долг и показания"), rights.CONSUMPTION),
        (_("Первая буква и домен почты кабинета"), rights.MASKED_EMAIL),
        (_("Льготы и документы о проживающих"), rights.PAPERS),
        (_("Почта и телефон из кабинета"), rights.CONTACTS),
        (_("Почта и телефон в файлах, которые уходят поставщику"), rights.TOLD_CONTACTS),
    )
)


def role_names() -> list[str]:
    """Name the roles in the order of the table."""
    return [str(label) for label in StaffRole.Role.labels]


def right_table() -> list[Group]:
    """Give what each role may do."""
    return [
        Group(str(title), [Row(str(act.title), act.takes_two, _cells(act.right)) for act in acts])
        for title, acts in ACTS.items()
    ]


def field_table() -> list[Row]:
    """Give what each role sees of a customer."""
    return [Row(str(title), False, _cells(right)) for title, right in FIELDS]


def _cells(right: str) -> list[tuple[str, bool]]:
    return [(str(role.label), rights.may(frozenset({role.value}), right)) for role in StaffRole.Role]
