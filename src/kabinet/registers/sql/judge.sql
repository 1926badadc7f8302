-- Keep what lines change or why they are refused, and say what they all come to.
WITH judged AS MATERIALIZED (
{judge}
), kept AS (
    INSERT INTO registers_registerline (
        supplier_id, register_id, line_no, outcome, cells, account_id, service_id, meter_id, period, "on", amount_rub,
        balance_rub, payment_id, sent_id, object_id, balance_charge_id, old, reasons, is_left
    )
    SELECT %(supplier_id)s, %(register_id)s, line_no, outcome, cells, account_id, service_id, meter_id, period, "on",
           amount_rub, balance_rub, payment_id, {sent_id},
           {object_id},
           CASE WHEN outcome <> 'refused' AND balance_rub IS NOT NULL THEN nextval('charges_charge_id_seq') END,
           CASE WHEN outcome = 'changed' THEN old END, to_jsonb(reasons), FALSE
    FROM judged
    WHERE outcome <> 'unchanged'
)
SELECT outcome, count(*), coalesce(sum(amount_rub), 0), coalesce(sum(balance_rub), 0), max(abs(amount_rub)),
       max(abs(balance_rub))
FROM judged
GROUP BY outcome
