-- Charge the plain accounts of a batch: every dial has a reading in the month and goes on from where it was charged up
-- to, and nothing else is to be known of the account. All others are left to rules.accrue, as is any that this
-- statement does not understand: it may leave out more than it has to, never charge differently.
-- What belongs to a dial or an account is looked up for each, not joined: the planner takes a batch for a few rows, and
-- would compare all with all.
WITH price AS (  -- what holds for a purpose and zone on which days; those that go by steps are not here
    SELECT * FROM unnest(
        %(purposes)s::text[], %(zones)s::text[], %(since_days)s::date[], %(until_days)s::date[], %(prices)s::numeric[],
        %(sources)s::text[]
    ) AS price (purpose, zone, since, until, price_rub_per_m3, source)
), vat AS (
    SELECT * FROM unnest(%(vat_since_days)s::date[], %(vat_until_days)s::date[], %(vat_percents)s::numeric[])
        AS vat (since, until, percent)
), account AS (
    SELECT id, usage_purpose_code FROM accounts_account AS account
    WHERE supplier_id = %(supplier_id)s AND id BETWEEN %(first)s AND %(last)s
      AND coalesce(opened_on, '-infinity') <= %(since)s AND coalesce(closed_on, 'infinity') > %(until)s
      AND NOT EXISTS (
          SELECT FROM tariffs_benefitgrant AS benefit
          WHERE benefit.supplier_id = %(supplier_id)s AND benefit.account_id = account.id
            AND benefit.valid_from < %(until)s AND coalesce(benefit.valid_until, 'infinity') > %(history_since)s
      )
), dial AS (
    SELECT account.id AS account_id, meter.id AS meter_id, meter.serial_number, meter.digits, scale.id AS scale_id,
           scale.zone, meter.installed_on, coalesce(nullif(meter.usage_purpose_code, ''), account.usage_purpose_code) AS purpose,
           meter.removed_on IS NULL AND NOT meter.needs_volume_factor
               AND coalesce(meter.installed_on, '-infinity') <= %(since)s
               AND coalesce(meter.verification_due_on, 'infinity') >= %(until)s::date - 1
               AND NOT EXISTS (
                   SELECT FROM meters_meteroutage AS outage
                   WHERE outage.supplier_id = %(supplier_id)s AND outage.meter_id = meter.id
                     AND coalesce(outage.valid_until, 'infinity') > %(history_since)s
               ) AS is_plain
    FROM account
    JOIN meters_meter AS meter
      ON meter.supplier_id = %(supplier_id)s AND meter.account_id = account.id
     AND coalesce(meter.removed_on, 'infinity') > %(history_since)s
    JOIN meters_meterscale AS scale ON scale.supplier_id = %(supplier_id)s AND scale.meter_id = meter.id
), used AS (  -- each dial with its readings of the month
    SELECT dial.*, reading.id AS reading_id, reading.used_from, reading.until, reading.taken_on, reading.value_m3,
           reading.previous_m3, reading.is_rollover, reading.volume_m3,
           dial.is_plain AND reading.used_from IS DISTINCT FROM dial.installed_on + 1  -- the rules know whose day that is
               AND reading.until > reading.used_from AND reading.used_from >= %(history_since)s
               AND reading.used_from = coalesce(reading.earlier_until, charged.until, opening.until)
               AND NOT coalesce(charged.is_odd, FALSE)
               AND NOT coalesce(
                   earlier.volume_m3 > 0
                   AND reading.volume_m3 * earlier.days
                       > %(odd_ratio)s * earlier.volume_m3 * greatest(reading.until - reading.used_from, %(shortest)s),
                   FALSE
               ) AS goes_on
    FROM dial
    LEFT JOIN LATERAL (
        SELECT item.*, item.taken_on + 1 AS until,
               lag(item.taken_on + 1) OVER (ORDER BY item.taken_on, item.id) AS earlier_until
        FROM meters_reading AS item
        WHERE item.supplier_id = %(supplier_id)s AND item.scale_id = dial.scale_id AND item.status = 'accepted'
          AND item.taken_on >= %(since)s AND item.taken_on < %(until)s
    ) AS reading ON TRUE
    LEFT JOIN LATERAL (  -- up to which day the dial is charged, and whether this reading is
        SELECT max(used_until) FILTER (WHERE scale_id = dial.scale_id) AS until,
               bool_or(
                   charge.reading_id = reading.id OR charge.kind IN ('norm', 'average', 'correction', 'imported')
                   OR charge.used_until IS NULL
               ) AS is_odd
        FROM charges_charge AS charge
        WHERE charge.supplier_id = %(supplier_id)s AND charge.account_id = dial.account_id
          AND charge.service_id = %(service_id)s AND charge.period >= date_trunc('month', reading.used_from - 1)::date
    ) AS charged ON reading.used_from IS NOT NULL
    LEFT JOIN LATERAL (
        SELECT opening.taken_on + 1 AS until FROM meters_reading AS opening
        WHERE opening.supplier_id = %(supplier_id)s AND opening.scale_id = dial.scale_id
          AND opening.taken_on = reading.used_from - 1 AND opening.status = 'accepted' AND opening.used_from IS NULL
    ) AS opening ON charged.until IS NULL
    LEFT JOIN LATERAL (  -- what the dial counted before: an odd reading is for the rules to report
        SELECT sum(item.volume_m3) AS volume_m3, sum(item.taken_on + 1 - item.used_from) AS days
        FROM meters_reading AS item
        WHERE item.supplier_id = %(supplier_id)s AND item.scale_id = dial.scale_id AND item.status = 'accepted'
          AND item.used_from IS NOT NULL AND item.taken_on >= %(usual_since)s AND item.taken_on < reading.taken_on
    ) AS earlier ON reading.used_from IS NOT NULL
), part AS (  -- the days of each price
    SELECT used.*, price.price_rub_per_m3, price.source AS price_source,
           greatest(price.since, used.used_from) AS line_since, least(price.until, used.until) AS line_until
    FROM used
    LEFT JOIN price
      ON price.purpose = used.purpose AND price.zone = used.zone AND price.since < used.until AND price.until > used.used_from
), plain AS (
    SELECT * FROM (
        SELECT part.*,
               bool_and(goes_on IS TRUE AND price_rub_per_m3 IS NOT NULL) OVER of_account
                   AND sum(line_until - line_since) OVER of_account
                       = sum(until - used_from) FILTER (WHERE line_since = used_from) OVER of_account
                   AND (%(splits_by_days)s OR bool_and(line_since = used_from) OVER of_account) AS is_whole
        FROM part
        WINDOW of_account AS (PARTITION BY account_id)
    ) AS part
    WHERE is_whole
), line AS (
    SELECT plain.*,
           round(volume_m3 * (line_until - used_from) / (until - used_from), 3)
               - round(volume_m3 * (line_since - used_from) / (until - used_from), 3) AS line_m3
    FROM plain
), metered AS (
    SELECT line.*, round(line_m3 * price_rub_per_m3, 2) AS amount_rub FROM line
), fee AS (  -- what a service costs each month whatever was used
    SELECT account.account_id, fee.service_id, fee.monthly_rub, fee.source, service.name
    FROM (SELECT DISTINCT account_id FROM plain) AS account
    CROSS JOIN LATERAL (
        SELECT fee.service_id, fee.monthly_rub, fee.source FROM tariffs_monthlyfee AS fee
        WHERE fee.supplier_id = %(supplier_id)s AND fee.account_id = account.account_id AND fee.valid_from <= %(since)s
          AND coalesce(fee.valid_until, 'infinity') > %(since)s
        OFFSET 0
    ) AS fee
    JOIN suppliers_service AS service ON service.supplier_id = %(supplier_id)s AND service.id = fee.service_id
    WHERE NOT EXISTS (
        SELECT FROM charges_charge AS charge
        WHERE charge.supplier_id = %(supplier_id)s AND charge.account_id = account.account_id
          AND charge.service_id = fee.service_id AND charge.period = %(since)s AND charge.kind = 'fixed'
    )
), charged AS (
    SELECT account_id, %(service_id)s::bigint AS service_id,
           row_number() OVER (PARTITION BY account_id ORDER BY meter_id, zone, taken_on, reading_id, line_since) AS place,
           'metered' AS kind, line_m3 AS volume_m3, price_rub_per_m3, amount_rub,
           replace(trim_scale(line_m3)::text, '.', ',') || ' м³ × '
               || replace(trim_scale(price_rub_per_m3)::text, '.', ',') || ' ₽/м³ = '
               || replace(amount_rub::text, '.', ',') || ' ₽' AS formula,
           jsonb_build_object(
               'meter', serial_number, 'zone', zone, 'digits', digits, 'previous_on', (used_from - 1)::text,
               'previous_m3', replace(trim_scale(previous_m3)::text, '.', ','), 'taken_on', taken_on::text,
               'current_m3', replace(trim_scale(value_m3)::text, '.', ','), 'is_rollover', is_rollover,
               'volume_m3', replace(trim_scale(volume_m3)::text, '.', ','), 'since', used_from::text,
               'until', until::text, 'line_since', line_since::text, 'line_until', line_until::text,
               'line_m3', replace(trim_scale(line_m3)::text, '.', ','),
               'price', replace(trim_scale(price_rub_per_m3)::text, '.', ','), 'price_source', price_source
           ) AS inputs,
           %(metered_rule)s AS rule_source, meter_id, scale_id, reading_id, line_since AS used_since,
           line_until AS used_until
    FROM metered
    UNION ALL
    SELECT account_id, service_id, 1000000 AS place, 'fixed', NULL, NULL, monthly_rub,
           replace(monthly_rub::text, '.', ',') || ' ₽',
           jsonb_build_object(
               'service', name, 'month', to_char(%(since)s::date, 'YYYY-MM'),
               'monthly_rub', replace(monthly_rub::text, '.', ',')
           ),
           source, NULL, NULL, NULL, %(since)s::date, %(until)s::date
    FROM fee
)
INSERT INTO charges_draftcharge (
    supplier_id, run_id, account_id, service_id, period, line_no, kind, volume_m3, price_rub_per_m3, amount_rub, formula,
    inputs, rule_source, meter_id, scale_id, reading_id, used_since, used_until
)
SELECT %(supplier_id)s, %(run_id)s, account_id, service_id, %(since)s,
       row_number() OVER (PARTITION BY account_id, service_id ORDER BY place), kind, volume_m3, price_rub_per_m3,
       amount_rub, formula,
       CASE WHEN vat.percent IS NULL THEN inputs
            ELSE inputs || jsonb_build_object(
                'vat_percent', replace(trim_scale(vat.percent)::text, '.', ','),
                'vat_rub', replace(round(amount_rub * vat.percent / (100 + vat.percent), 2)::text, '.', ',')
            ) END,
       rule_source, meter_id, scale_id, reading_id, used_since, used_until
FROM charged
LEFT JOIN vat ON vat.since < charged.used_until AND vat.until >= charged.used_until
