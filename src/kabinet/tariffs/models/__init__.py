"""Prices, norms, benefits and what the law says of penalties, all by date. Others import the names from here."""

from kabinet.tariffs.models.benefits import Benefit, BenefitGrant
from kabinet.tariffs.models.fees import MonthlyFee
from kabinet.tariffs.models.law import PenaltyCap, PenaltyMoratorium, PenaltyRate, PenaltyStep, VatRate
from kabinet.tariffs.models.norms import Norm, VolumeFactor
from kabinet.tariffs.models.prices import Tariff
from kabinet.tariffs.models.proposals import TermsProposal

__all__ = [
    "Benefit",
    "BenefitGrant",
    "MonthlyFee",
    "Norm",
    "PenaltyCap",
    "PenaltyMoratorium",
    "PenaltyRate",
    "PenaltyStep",
    "Tariff",
    "TermsProposal",
    "VatRate",
    "VolumeFactor",
]
