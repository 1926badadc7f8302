"""Accounts (лицевые счета): who may see which account, how ownership is proven, names and order in a cabinet;
who lives there, who was away and what a norm counts, by date.

Always true here: a cabinet has an account once; what a person may not see does not exist for them; a wrong guess at a
number or a proof is remembered and counted even though it changes nothing else.
"""
