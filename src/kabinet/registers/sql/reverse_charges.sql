-- Take back whole what a register has charged, each line by one of its own in the same month. Lines of a month are
-- looked up by their accounts (hence `+ 0`), as in balance_lines.
WITH mine AS (
    SELECT charge.*,
           row_number() OVER (PARTITION BY charge.account_id, charge.service_id, charge.period ORDER BY charge.line_no)
               AS place
    FROM (
        SELECT line.object_id AS charge_id FROM registers_registerline AS line
        WHERE line.supplier_id = %(supplier_id)s AND line.register_id = %(register_id)s AND line.object_id IS NOT NULL
        UNION ALL
        SELECT line.balance_charge_id FROM registers_registerline AS line
        WHERE line.supplier_id = %(supplier_id)s AND line.register_id = %(register_id)s
          AND line.balance_charge_id IS NOT NULL
    ) AS made
    JOIN charges_charge AS charge ON charge.supplier_id = %(supplier_id)s AND charge.id = made.charge_id
), charged AS (
    INSERT INTO charges_charge (
        supplier_id, account_id, service_id, period, line_no, kind, volume_m3, price_rub_per_m3, amount_rub, formula,
        inputs, rule_source, settled_rub, charged_on, reverses_id
    )
    SELECT mine.supplier_id, mine.account_id, mine.service_id, mine.period, before.last_line_no + mine.place, mine.kind,
           -mine.volume_m3, mine.price_rub_per_m3, -mine.amount_rub, '',
           jsonb_build_object(
               'reason', 'Реестр № ' || %(number)s::integer || ' поставщика отменён', 'register', %(number)s::integer
           ),
           '', 0, %(today)s, mine.id
    FROM mine
    JOIN LATERAL (
        SELECT max(charge.line_no) AS last_line_no FROM charges_charge AS charge
        WHERE charge.supplier_id + 0 = %(supplier_id)s AND charge.account_id = mine.account_id
          AND charge.service_id + 0 = mine.service_id AND charge.period = mine.period
    ) AS before ON TRUE
    ORDER BY mine.account_id, mine.id
    RETURNING id, account_id, service_id, amount_rub, kind, period, charged_on
)
INSERT INTO movement (source_id, account_id, service_id, amount_rub, kind, period, occurred_on)
SELECT id::text, account_id, service_id, amount_rub, CASE kind WHEN 'imported' THEN 'charge' ELSE kind END, period,
       charged_on
FROM charged
WHERE amount_rub <> 0
