-- What the readings cost, split by days where a price changes: kabinet.charges.rules.metered_lines as one statement.
CREATE TEMP TABLE world_charge ON COMMIT DROP AS
WITH priced AS (
    SELECT reading.*, tariff.price_rub_per_m3, tariff.source AS price_source,
           greatest(tariff.valid_from, reading.used_from) AS line_since,
           least(coalesce(tariff.valid_until, 'infinity'), reading.taken_on + 1) AS line_until
    FROM world_reading AS reading
    JOIN tariffs_tariff AS tariff
      ON tariff.supplier_id = %(supplier_id)s AND tariff.service_id = %(gas_id)s AND tariff.usage_purpose_code = reading.purpose
     AND tariff.valid_from <= reading.taken_on AND coalesce(tariff.valid_until, 'infinity') > reading.used_from
), cut AS (
    SELECT *, round(volume_m3 * (line_until - used_from) / (taken_on + 1 - used_from), 3) AS up_to_here_m3 FROM priced
), lines AS (
    SELECT *, up_to_here_m3 - lag(up_to_here_m3, 1, 0::numeric) OVER (PARTITION BY id ORDER BY line_since) AS line_m3 FROM cut
), metered AS (
    SELECT account_id, %(gas_id)s::bigint AS service_id, month AS period,
           row_number() OVER (PARTITION BY account_id, month ORDER BY taken_on, id, line_since) AS line_no,
           line_m3 AS volume_m3, price_rub_per_m3, round(line_m3 * price_rub_per_m3, 2) AS amount_rub, id AS reading_id,
           meter_id, scale_id, line_since AS used_since, line_until AS used_until,
           jsonb_build_object(
               'meter', meter.serial_number, 'zone', lines.zone, 'digits', 5,
               'previous_on', (used_from - 1)::text, 'previous_m3', trim_scale(previous_m3)::text,
               'taken_on', taken_on::text, 'current_m3', trim_scale(value_m3)::text,
               'is_rollover', is_rollover, 'volume_m3', trim_scale(lines.volume_m3)::text,
               'since', used_from::text, 'until', (taken_on + 1)::text,
               'line_since', line_since::text, 'line_until', line_until::text,
               'line_m3', replace(trim_scale(line_m3)::text, '.', ','),
               'price', replace(trim_scale(price_rub_per_m3)::text, '.', ','), 'price_source', price_source
           ) AS inputs
    FROM lines JOIN (SELECT id AS own_id, serial_number FROM world_meter) AS meter ON meter.own_id = lines.meter_id
    WHERE line_m3 > 0 AND month < %(charged_until)s
)
SELECT nextval(pg_get_serial_sequence('charges_charge', 'id')) AS id, account_id, service_id, period, line_no,
       CASE WHEN %(is_external)s THEN 'imported' ELSE 'metered' END AS kind, volume_m3, price_rub_per_m3, amount_rub,
       replace(trim_scale(volume_m3)::text, '.', ',') || ' м³ × ' || replace(trim_scale(price_rub_per_m3)::text, '.', ',')
           || ' ₽/м³ = ' || replace(amount_rub::text, '.', ',') || ' ₽' AS formula,
       CASE WHEN %(is_external)s THEN '{}'::jsonb ELSE inputs END AS inputs,
       CASE WHEN %(is_external)s THEN 'По данным поставщика' ELSE %(metered_rule)s END AS rule_source,
       (period + interval '1 month')::date AS charged_on,
       CASE WHEN NOT %(is_external)s THEN reading_id END AS reading_id,
       CASE WHEN NOT %(is_external)s THEN meter_id END AS meter_id,
       CASE WHEN NOT %(is_external)s THEN scale_id END AS scale_id,
       CASE WHEN NOT %(is_external)s THEN used_since END AS used_since,
       CASE WHEN NOT %(is_external)s THEN used_until END AS used_until
FROM metered
ORDER BY period, account_id, line_no;

-- What is charged each month whatever was used.
INSERT INTO world_charge
SELECT nextval(pg_get_serial_sequence('charges_charge', 'id')), account.id, %(maintenance_id)s, month::date, 1, 'fixed', NULL, NULL,
       %(maintenance_rub)s, replace(%(maintenance_rub)s::text, '.', ',') || ' ₽ за месяц по договору', '{}'::jsonb,
       'Договор о техническом обслуживании газового оборудования', (month + interval '1 month')::date, NULL,
       NULL, NULL, month::date, (month + interval '1 month')::date
FROM world_account AS account
CROSS JOIN LATERAL (
    SELECT %(this_month)s::date - interval '1 month' * (months - m) AS month FROM generate_series(0, charged_months - 1) AS m
) AS months
WHERE %(maintenance_id)s::bigint IS NOT NULL AND month < %(charged_until)s;

CREATE INDEX ON world_charge (account_id, period, service_id);
ANALYZE world_charge (account_id, period, service_id);
