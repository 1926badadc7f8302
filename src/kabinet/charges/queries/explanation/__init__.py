"""«Как посчитано»: a line of charges in plain words, from the inputs that were kept when it was computed.

The stored formula is Russian; words and numbers here are those of the reader's language. Inputs that are not known here
are left out, and missing ones leave their step out: an explanation never breaks a page.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kabinet.charges.models import Charge
from kabinet.charges.queries.explanation import estimated, metered, money
from kabinet.charges.queries.explanation.lines import ChargedFacts, charged_facts
from kabinet.charges.queries.explanation.shapes import Explanation, Step, Table, decimal, number, price, rub, volume
from kabinet.common.money import round_to_kopeck

__all__ = ["ChargedFacts", "Explanation", "Step", "Table", "charged_facts", "explain"]

_OF_KIND: dict[str, Callable[[ChargedFacts], Explanation]] = {
    Charge.Kind.METERED: metered.metered,
    Charge.Kind.AVERAGE: estimated.average,
    Charge.Kind.NORM: estimated.norm,
    Charge.Kind.CORRECTION: estimated.correction,
    Charge.Kind.BENEFIT: money.benefit,
    Charge.Kind.FIXED: money.fixed,
    Charge.Kind.PENALTY: money.penalty,
    Charge.Kind.ADJUSTMENT: money.adjustment,
    Charge.Kind.OPENING: money.opening,
    Charge.Kind.IMPORTED: money.imported,
}


def explain(facts: ChargedFacts) -> Explanation:
    """Put a line into words, with the computation in numbers and the tax that its sum contains."""
    explanation = _OF_KIND[facts.kind](facts)
    steps = (*explanation.steps, *_vat_steps(facts))
    return replace(explanation, formula=_formula(facts), steps=steps, meter=_meter(facts))


def _meter(facts: ChargedFacts) -> str:
    reading = facts.inputs.get("reading")
    named = metered.meter_steps(reading if isinstance(reading, dict) else facts.inputs)
    return next((step.value for step in named), "")


def _formula(facts: ChargedFacts) -> str:
    """Write a volume times its price in the reader's language; other computations as they were kept, in Russian."""
    if facts.volume_m3 is not None and facts.price_rub_per_m3 is not None:
        cost_rub = round_to_kopeck(facts.volume_m3 * facts.price_rub_per_m3)
        if cost_rub == facts.amount_rub:
            return f"{volume(facts.volume_m3)} × {price(facts.price_rub_per_m3)} = {rub(facts.amount_rub)}"
    is_russian = (get_language() or "ru").startswith("ru")
    return facts.formula if is_russian and facts.formula else rub(facts.amount_rub)


def _vat_steps(facts: ChargedFacts) -> Iterator[Step]:
    percent, vat_rub = (decimal(facts.inputs.get(name)) for name in ("vat_percent", "vat_rub"))
    if percent is not None and vat_rub is not None:
        yield Step(_("В том числе НДС %(percent)s %%") % {"percent": number(percent)}, rub(vat_rub))
