"""What the frame of every page shows of the cabinet: its accounts, the current one, the section."""

from functools import cached_property

from django.http import HttpRequest

from kabinet.accounts import queries as accounts
from kabinet.accounts.queries import AccountCard
from kabinet.common.errors import NotFound

SESSION_KEY = "account"

_SECTIONS = {
    "home": ("home", "account"),
    "readings": ("readings", "meter", "reading_submit", "reading_estimate", "reading_photo"),
    "charges": (
        "charges",
        "charges_month",
        "charges_disagree",
        "charge_disagree",
        "bills",
        "bill",
        "account_statement",
        "account_statement_pdf",
        "certificates",
        "certificate",
    ),
    "payments": (
        "pay",
        "pay_debt",
        "pay_own_sum",
        "pay_with_reading",
        "pay_several",
        "basket",
        "payment_history",
        "payments",
        "payment",
        "payment_return",
        "payment_continue",
    ),
    "questions": ("questions", "question", "question_ask"),
    "settings": (
        "settings",
        "profile",
        "consent_withdraw",
        "security",
        "password_change",
        "email_change",
        "account_reauthenticate",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
        "mfa_activate_totp",
        "mfa_deactivate_totp",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_add_webauthn",
        "mfa_remove_webauthn",
        "account_attach",
        "account_attached",
        "account_settings",
        "account_prove",
        "account_detach",
    ),
}
_SECTION_OF = {name: section for section, names in _SECTIONS.items() for name in names}


class Navigation:
    """The cabinet as its frame shows it; reads nothing until a page asks, and then reads once."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def accounts(self) -> list[AccountCard]:
        user = getattr(self._request, "user", None)
        return accounts.accounts_of(user) if user is not None and user.is_authenticated else []

    @cached_property
    def account(self) -> AccountCard | None:
        """The account that the page is about, else the one that was looked at last, else the first."""
        by_key = {account.key: account for account in self.accounts}
        here = by_key.get(self._key_of_address())
        if here is None:
            return by_key.get(self._request.session.get(SESSION_KEY, "")) or next(iter(self.accounts), None)
        if self._request.session.get(SESSION_KEY) != here.key:
            self._request.session[SESSION_KEY] = here.key
        return here

    @property
    def section(self) -> str:
        match = self._request.resolver_match
        return _SECTION_OF.get(match.url_name or "", "") if match else ""

    def _key_of_address(self) -> str:
        match = self._request.resolver_match
        given = match.kwargs if match else {}
        return f"{given.get('supplier_id')}-{given.get('account_id')}"


def navigation_of(request: HttpRequest) -> Navigation:
    """Give the one navigation of a request: its view and its frame read the cabinet once between them."""
    if not hasattr(request, "navigation"):
        request.navigation = Navigation(request)
    return request.navigation


def account_here(request: HttpRequest, supplier_id: int, account_id: int) -> AccountCard:
    """Give a view its account out of what the frame reads anyway. Raises NotFound for a stranger's."""
    for account in navigation_of(request).accounts:
        if (account.supplier_id, account.id) == (supplier_id, account_id):
            return account
    raise NotFound


def cabinet(request: HttpRequest) -> dict[str, Navigation]:
    """Give templates `nav`."""
    return {"nav": navigation_of(request)}
