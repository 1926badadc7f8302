"""Suppliers with everything that differs between them, and the base of every table that belongs to one of them."""

from kabinet.suppliers.models.bank_details import BankDetails, BankDetailsChange
from kabinet.suppliers.models.lists import Service, UsagePurpose
from kabinet.suppliers.models.suppliers import Supplier, SupplierOwned
from kabinet.suppliers.models.terms import CalendarDay, PaymentTerm, StatutoryTerm

__all__ = [
    "BankDetails",
    "BankDetailsChange",
    "CalendarDay",
    "PaymentTerm",
    "Service",
    "StatutoryTerm",
    "Supplier",
    "SupplierOwned",
    "UsagePurpose",
]
