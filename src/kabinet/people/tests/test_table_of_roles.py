"""The table role × use-case × field says what the code does, and all that it does."""

import ast
import re
from importlib import import_module
from pathlib import Path

import pytest

import kabinet
from kabinet.people.queries.roles import ACTS, FIELDS, field_table, right_table, role_names
from kabinet.people.rules import rights

#: What people do in their own cabinet, whoever they are; what they may do is decided by whose account it is.
BY_CUSTOMERS = {
    "accounts.attach_account",
    "accounts.detach_account",
    "accounts.end_foreign_access",
    "accounts.name_account",
    "accounts.order_accounts",
    "accounts.prove_ownership",
    "accounts.share_full_access",
    "bills.issue_certificate",
    "charges.withdraw_own_reading",
    "meters.add_photo",
    "meters.submit_reading",
    "meters.submit_reading_with_photo",
    "notices.choose_letters",
    "payments.agree_to_autopay",
    "payments.cancel_autopay_charge",
    "payments.come_back",
    "payments.continue_payment",
    "payments.hand_in_readings",
    "payments.pay_with_reading",
    "payments.start_basket",
    "payments.start_payment",
    "payments.stop_autopay",
    "people.ask_email_change",
    "people.change_password",
    "people.decline_second_factor",
    "people.end_sessions",
    "people.save_profile",
    "support.ask_question",
    "support.close_question",
    "support.continue_question",
    "support.withdraw_consent",
}
#: Of whoever runs the installation, by a command or in the admin.
BY_ADMINISTRATORS = {"people.grant_role", "suppliers.save_bank_details", "suppliers.save_supplier_card"}
#: A trace of what somebody does by another right.
BY_ANYBODY_OF_STAFF = {"accounts.note_view", "audit.note_export"}

SOURCES = Path(kabinet.__file__).parent
NAMES = {value: name for name, value in vars(rights).items() if isinstance(value, str) and "." in value}


def usecases_with_an_actor():
    """Give the file of each use-case that is told who acts, as ``app.name``."""
    return {
        f"{path.parts[-3]}.{path.stem}": path
        for path in sorted(SOURCES.glob("*/usecases/*.py"))
        for function in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(function, ast.FunctionDef) and function.name == path.stem
        if any(argument.arg == "actor" for argument in function.args.kwonlyargs)
    }


def imported_by(path):
    """Give the files of the use-cases, operations and queries that a file imports."""
    for statement in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(statement, ast.ImportFrom) and (statement.module or "").startswith("kabinet."):
            for name in (statement.module, *(f"{statement.module}.{alias.name}" for alias in statement.names)):
                place = SOURCES.parent / name.replace(".", "/")
                if name.split(".")[2:3] in (["usecases"], ["operations"], ["queries"]):
                    yield from (file for file in (place.with_suffix(".py"), place / "__init__.py") if file.exists())


def code_of(usecase):
    """Give the source of a use-case with that of the operations that it calls, and of what these call."""
    path = usecases_with_an_actor()[usecase]
    called = {path, *imported_by(path)}
    called |= {further for file in called for further in imported_by(file)}
    return "".join(file.read_text(encoding="utf-8") for file in called)


IN_TABLE = {usecase: act for acts in ACTS.values() for act in acts for usecase in act.usecases}


def test_every_use_case_that_is_told_who_acts_stands_in_the_table_or_is_a_customers():
    others = BY_CUSTOMERS | BY_ADMINISTRATORS | BY_ANYBODY_OF_STAFF

    assert {*IN_TABLE} | others == {*usecases_with_an_actor()}
    assert not {*IN_TABLE} & others


@pytest.mark.parametrize("usecase", IN_TABLE)
def test_a_use_case_asks_for_the_right_that_the_table_names(usecase):
    name = NAMES[IN_TABLE[usecase].right]

    assert re.search(rf"\b{name}\b", code_of(usecase))


def test_every_right_stands_in_the_table_on_the_screen():
    shown = {act.right for acts in ACTS.values() for act in acts} | {right for _title, right in FIELDS}

    assert shown == {*rights.RIGHTS}


def test_the_screen_says_what_the_rights_say():
    rows = {row.title: dict(row.cells) for group in right_table() for row in group.rows}
    fields = {row.title: dict(row.cells) for row in field_table()}

    assert role_names() == ["оператор", "справочная служба", "руководитель", "бухгалтер", "поддержка"]
    assert list(rows["Проводить начисления"].values()) == [False, False, False, True, False]
    assert list(rows["Видеть платежи, возвраты и невыясненные суммы"].values()) == [True] * 5
    assert list(fields["Почта и телефон из кабинета"].values()) == [False, True, True, False, True]


def test_every_use_case_of_the_table_can_be_imported():
    for usecase in IN_TABLE:
        app, name = usecase.split(".")
        assert callable(getattr(import_module(f"kabinet.{app}.usecases.{name}"), name))
