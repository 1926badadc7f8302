-- Charge what lines say more or less than has been charged by registers before, and remember it as movements.
WITH charged AS (
    INSERT INTO charges_charge (
        id, supplier_id, account_id, service_id, period, line_no, kind, volume_m3, price_rub_per_m3, amount_rub, formula,
        inputs, rule_source, settled_rub, charged_on
    )
    SELECT line.object_id, %(supplier_id)s, line.account_id, line.service_id, line.period,
           coalesce(before.last_line_no, 0) + 1, 'imported',
           line.volume_m3 - coalesce(before.volume_m3, 0), line.price_rub_per_m3,
           line.amount_rub - coalesce(before.amount_rub, 0),
           CASE WHEN before.lines_count = 0 AND round(line.volume_m3 * line.price_rub_per_m3, 2) = line.amount_rub
                THEN replace(trim_scale(line.volume_m3)::text, '.', ',') || ' м³ × '
                    || replace(trim_scale(line.price_rub_per_m3)::text, '.', ',') || ' ₽/м³ = '
                    || replace(line.amount_rub::text, '.', ',') || ' ₽'
                ELSE '' END,
           jsonb_build_object('register', %(number)s::integer), '', 0,
           least((line.period + interval '1 month')::date, %(today)s)
    FROM (
        SELECT line.object_id, line.account_id, line.service_id, line.period, line.amount_rub, line.line_no,
               {volume_m3} AS volume_m3, {price_rub_per_m3} AS price_rub_per_m3
        FROM registers_registerline AS line
        WHERE line.supplier_id = %(supplier_id)s AND line.register_id = %(register_id)s AND line.outcome <> 'refused'
    ) AS line
    LEFT JOIN LATERAL (
        SELECT max(charge.line_no) AS last_line_no,
               count(*) FILTER (WHERE charge.kind = 'imported')
                   - 2 * count(charge.reverses_id) FILTER (WHERE charge.kind = 'imported') AS lines_count,
               sum(charge.amount_rub) FILTER (WHERE charge.kind = 'imported') AS amount_rub,
               sum(charge.volume_m3) FILTER (WHERE charge.kind = 'imported') AS volume_m3
        FROM charges_charge AS charge
        WHERE charge.supplier_id = %(supplier_id)s AND charge.account_id = line.account_id
          AND charge.service_id = line.service_id AND charge.period = line.period
    ) AS before ON TRUE
    WHERE before.lines_count = 0 OR line.amount_rub <> before.amount_rub
       OR coalesce(line.volume_m3, before.volume_m3, 0) <> coalesce(before.volume_m3, 0)
    ORDER BY line.account_id, line.line_no
    RETURNING id, account_id, service_id, amount_rub, kind, period, charged_on
)
INSERT INTO movement (source_id, account_id, service_id, amount_rub, kind, period, occurred_on)
SELECT id::text, account_id, service_id, amount_rub, 'charge', period, charged_on FROM charged WHERE amount_rub <> 0
