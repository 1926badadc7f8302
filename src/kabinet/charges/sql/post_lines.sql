-- Make the drafts of a batch charges. Lines that the month has already keep their numbers; these come after them.
WITH draft AS (
    SELECT * FROM charges_draftcharge
    WHERE supplier_id = %(supplier_id)s AND run_id = %(run_id)s AND account_id BETWEEN %(first)s AND %(last)s
), last_line AS (
    SELECT account_id, service_id, max(line_no) AS line_no FROM charges_charge
    WHERE supplier_id = %(supplier_id)s AND account_id BETWEEN %(first)s AND %(last)s AND period = %(period)s
    GROUP BY account_id, service_id
)
INSERT INTO charges_charge (
    supplier_id, account_id, service_id, period, line_no, kind, volume_m3, price_rub_per_m3, amount_rub, formula, inputs,
    rule_source, meter_id, scale_id, reading_id, used_since, used_until, for_period, settled_rub, charged_on, run_id
)
SELECT draft.supplier_id, draft.account_id, draft.service_id, draft.period, draft.line_no + coalesce(last_line.line_no, 0),
       draft.kind, draft.volume_m3, draft.price_rub_per_m3, draft.amount_rub, draft.formula, draft.inputs,
       draft.rule_source, draft.meter_id, draft.scale_id, draft.reading_id, draft.used_since, draft.used_until,
       draft.for_period, 0, %(charged_on)s, draft.run_id
FROM draft
LEFT JOIN last_line ON last_line.account_id = draft.account_id AND last_line.service_id = draft.service_id
ORDER BY draft.account_id, draft.service_id, draft.line_no
RETURNING id
