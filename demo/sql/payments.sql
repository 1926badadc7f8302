-- Who has paid which month, and when: most within four weeks, some have stopped, some have paid ahead.
CREATE TEMP TABLE world_payment ON COMMIT DROP AS
WITH due AS (
    SELECT account.id AS account_id, habit, who, is_told, period,
           (period + interval '1 month')::date AS charged_on,
           CASE habit WHEN 'notice' THEN 1 WHEN 'debtor' THEN 2 + floor(pg_temp.chance(who, 40) * 12)::int ELSE 0 END AS unpaid_months
    FROM world_account AS account
    JOIN (SELECT DISTINCT account_id, period FROM world_charge) AS charged ON charged.account_id = account.id
), planned AS (
    SELECT *, charged_on + CASE WHEN habit = 'overpaid' THEN 0
                                ELSE 3 + floor(pg_temp.chance(who, 500 + extract(month FROM period)::int) * CASE WHEN is_told THEN 11 ELSE 26 END)::int
                           END AS paid_on
    FROM due
    WHERE period < (%(this_month)s::date - interval '1 month' * unpaid_months)
      AND NOT (habit = 'regular' AND NOT is_told AND charged_on = %(this_month)s AND pg_temp.chance(who, 41) < 0.45)
), paid AS (
    SELECT *, max(period) OVER (PARTITION BY account_id) AS last_period FROM planned WHERE paid_on <= %(today)s
)
SELECT account_id, period, paid_on,
       CASE WHEN habit = 'overpaid' AND period = last_period THEN 300 + 50 * floor(pg_temp.chance(who, 42) * 18) ELSE 0 END::numeric(14, 2)
           AS ahead_rub
FROM paid;

ANALYZE world_payment;

CREATE INDEX ON world_payment (account_id, period);

CREATE TEMP TABLE world_share ON COMMIT DROP AS
SELECT payment.account_id, payment.period, payment.paid_on, charge.service_id,
       sum(charge.amount_rub) + CASE WHEN charge.service_id = %(gas_id)s THEN payment.ahead_rub ELSE 0 END AS amount_rub,
       row_number() OVER (PARTITION BY payment.account_id, payment.period ORDER BY charge.service_id) AS line_no
FROM world_payment AS payment
JOIN world_charge AS charge ON charge.account_id = payment.account_id AND charge.period = payment.period
GROUP BY payment.account_id, payment.period, payment.paid_on, payment.ahead_rub, charge.service_id;

ANALYZE world_share;

INSERT INTO charges_charge (
    id, supplier_id, account_id, service_id, period, line_no, kind, volume_m3, price_rub_per_m3, amount_rub, settled_rub, formula,
    inputs, rule_source, charged_on, reading_id, meter_id, scale_id, used_since, used_until
)
SELECT charge.id, %(supplier_id)s, charge.account_id, service_id, charge.period, line_no, kind, volume_m3, price_rub_per_m3,
       amount_rub, CASE WHEN payment.account_id IS NULL THEN 0 ELSE amount_rub END, formula, inputs, rule_source, charged_on, reading_id,
       meter_id, scale_id, used_since, used_until
FROM world_charge AS charge
LEFT JOIN world_payment AS payment ON payment.account_id = charge.account_id AND payment.period = charge.period;
