"""Tariffs as staff see and set them. `urls.py` takes the names from here."""

from kabinet.web.backoffice.views.tariffs.benefit_saving import add_benefit, change_benefit
from kabinet.web.backoffice.views.tariffs.lists import benefits, factors, law, norms, overview, policies, prices
from kabinet.web.backoffice.views.tariffs.order_loading import load_order
from kabinet.web.backoffice.views.tariffs.policy_setting import set_policy
from kabinet.web.backoffice.views.tariffs.proposals import approve, decline, proposal, proposals, withdraw
from kabinet.web.backoffice.views.tariffs.setting import set_factor, set_norm_of, set_price

__all__ = [
    "add_benefit",
    "approve",
    "benefits",
    "change_benefit",
    "decline",
    "factors",
    "law",
    "load_order",
    "norms",
    "overview",
    "policies",
    "prices",
    "proposal",
    "proposals",
    "set_factor",
    "set_norm_of",
    "set_policy",
    "set_price",
    "withdraw",
]
