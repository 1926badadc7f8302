-- Make the drafts of a batch charges. Lines that the month has already keep their numbers; these come after them.
INSERT INTO charges_charge (
    supplier_id, account_id, service_id, period, line_no, kind, volume_m3, price_rub_per_m3, amount_rub, formula, inputs,
    rule_source, meter_id, scale_id, reading_id, used_since, used_until, for_period, settled_rub, charged_on, run_id
)
SELECT draft.supplier_id, draft.account_id, draft.service_id, draft.period,
       draft.line_no + coalesce(
           (
               SELECT max(charge.line_no) FROM charges_charge AS charge
               WHERE charge.supplier_id = %(supplier_id)s AND charge.account_id = draft.account_id
                 AND charge.service_id = draft.service_id AND charge.period = draft.period
           ),
           0
       ),
       draft.kind, draft.volume_m3, draft.price_rub_per_m3, draft.amount_rub, draft.formula, draft.inputs,
       draft.rule_source, draft.meter_id, draft.scale_id, draft.reading_id, draft.used_since, draft.used_until,
       draft.for_period, 0, %(charged_on)s, draft.run_id
FROM charges_draftcharge AS draft
WHERE draft.supplier_id = %(supplier_id)s AND draft.run_id = %(run_id)s
  AND draft.account_id BETWEEN %(first)s AND %(last)s
ORDER BY draft.account_id, draft.service_id, draft.line_no
RETURNING id
