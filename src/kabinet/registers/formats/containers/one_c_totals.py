"""Control totals of a bank statement: what its sections of accounts say came and went, against its documents.

A section «СекцияРасчСчет» names an account («РасчСчет»), what came by it («ВсегоПоступило») and what went
(«ВсегоСписано»); a statement of several days may have one for each. Files that a program makes for a bank have none.
"""

from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from kabinet.registers.formats.containers.lines import FileRefused, shortened

_ACCOUNT, _AMOUNT = "расчсчет", "сумма"
_CAME = ("всегопоступило", ("получательсчет", "получательрасчсчет"))
_WENT = ("всегосписано", ("плательщиксчет", "плательщикрасчсчет"))


class Totals:
    """What sections declare and documents add up to, account by account, as the file is read."""

    def __init__(self) -> None:
        self._declared: dict[tuple[str, str], Decimal] = {}
        self._found: dict[tuple[str, str], Decimal] = {}
        self._line_nos: dict[tuple[str, str], int] = {}
        self._account = ""
        self._document: dict[str, str] = {}
        self._is_countable = True

    def take(self, line_no: int, name: str, value: str) -> None:
        """Take a value of the file's head or of a section of an account; name: in small letters. Raises FileRefused."""
        if name == _ACCOUNT:
            self._account = value
        elif value and name in (_CAME[0], _WENT[0]):
            key = (self._account, name)
            self._declared[key] = self._declared.get(key, Decimal(0)) + _number(value, line_no)
            self._line_nos[key] = line_no

    def take_of_document(self, name: str, value: str) -> None:
        """Take a value of a document; name: in small letters."""
        self._document[name] = value

    def end_document(self) -> None:
        """Add a document to the accounts that it is about; one whose sum is none lets nothing be compared."""
        document, self._document = self._document, {}
        try:
            amount_rub = _number(document.get(_AMOUNT, ""), 0)
        except FileRefused:
            self._is_countable = False  # the document itself is refused, with its line
            return
        for total, columns in (_CAME, _WENT):
            for account in {document.get(column, "") for column in columns}:
                if (account, total) in self._declared:
                    self._found[account, total] = self._found.get((account, total), Decimal(0)) + amount_rub

    def check(self) -> None:
        """Raises FileRefused when documents are missing, or do not come to what their account's section says."""
        if not self._is_countable:
            return
        for (account, total), declared in self._declared.items():
            found = self._found.get((account, total), Decimal(0))
            if found != declared:
                said = (
                    _("по счёту %(account)s поступило %(declared)s, а в документах — %(found)s: файл неполный.")
                    if total == _CAME[0]
                    else _("по счёту %(account)s списано %(declared)s, а в документах — %(found)s: файл неполный.")
                )
                raise FileRefused(
                    said % {"account": account, "declared": declared, "found": found}, self._line_nos[account, total]
                )


def _number(text: str, line_no: int) -> Decimal:
    try:
        number = Decimal(text.replace(",", ".").replace(" ", "").replace("\u00a0", ""))
    except InvalidOperation as error:
        raise FileRefused(_("в итогах счёта не число: «%(text)s».") % {"text": shortened(text)}, line_no) from error
    if not number.is_finite():
        raise FileRefused(_("в итогах счёта не число: «%(text)s».") % {"text": shortened(text)}, line_no)
    return number
