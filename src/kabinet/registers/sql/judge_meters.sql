-- Meters: new ones with their first readings, and those of which something is said otherwise.
WITH line AS MATERIALIZED (
    SELECT read.*, {problems} AS problems
    FROM (
        SELECT staged.line_no, {cells} AS cells, {number_key} AS number_key, {zone_key} AS zone_key,
               {values}
        FROM {staged}
        OFFSET 0  -- and each cell is read once, however often it is named
    ) AS read
), repeated AS (
    SELECT number_key, serial_number, zone_key
    FROM line
    GROUP BY number_key, serial_number, zone_key
    HAVING count(*) > 1
), found AS (
    SELECT line.*, account.id AS account_id, meter.id AS meter_id,
           CASE WHEN {is_changed} THEN jsonb_strip_nulls(jsonb_build_object(
{changes}
           )) END AS old,
           CASE WHEN account.id IS NULL THEN 'number:unknown' END AS account_problem,
           CASE WHEN repeated.number_key IS NOT NULL THEN 'serial_number:repeated' END AS repeat_problem,
           CASE WHEN line.digits NOT BETWEEN 3 AND 9 THEN 'digits:out-of-range' END AS digits_problem,
           CASE WHEN line.zone_key IS NULL THEN 'zone:unknown'
                WHEN meter.id IS NOT NULL AND line.zone IS NOT NULL AND NOT EXISTS (
                    SELECT FROM meters_meterscale AS scale
                    WHERE scale.supplier_id = %(supplier_id)s AND scale.meter_id = meter.id
                      AND scale.zone = line.zone_key
                ) THEN 'zone:not-on-meter' END AS zone_problem,
           CASE WHEN coalesce(line.installed_on, meter.installed_on) > coalesce(line.removed_on, meter.removed_on)
                THEN 'removed_on:before-installed'
                WHEN line.removed_on <> coalesce(meter.removed_on, 'infinity') AND EXISTS (
                    SELECT FROM meters_reading AS reading
                    WHERE reading.supplier_id = %(supplier_id)s AND reading.meter_id = meter.id
                      AND reading.status = 'accepted' AND reading.taken_on > line.removed_on
                ) THEN 'removed_on:before-last'
                WHEN meter.id IS NULL AND line.taken_on > %(today)s THEN 'taken_on:future'
                WHEN meter.id IS NULL AND (line.value_m3 IS NULL) <> (line.taken_on IS NULL)
                THEN 'taken_on:without-value' END AS day_problem,
           CASE WHEN meter.id IS NULL AND (
                    line.value_m3 < 0 OR line.value_m3 >= power(10, coalesce(line.digits, 5))
                    OR line.value_m3 <> trunc(line.value_m3)
                ) THEN 'value_m3:not-on-dial' END AS value_problem
    FROM line
    LEFT JOIN accounts_account AS account
      ON account.supplier_id = %(supplier_id)s AND account.number = line.number_key
    LEFT JOIN meters_meter AS meter
      ON meter.supplier_id = %(supplier_id)s AND meter.account_id = account.id
     AND meter.serial_number = line.serial_number
    LEFT JOIN repeated
      ON repeated.number_key = line.number_key AND repeated.serial_number = line.serial_number
     AND repeated.zone_key = line.zone_key
)
SELECT line_no, cells, account_id, NULL::bigint AS service_id, meter_id, NULL::date AS period, taken_on AS "on",
       NULL::numeric AS amount_rub, NULL::numeric AS balance_rub, NULL::bigint AS payment_id, old, reasons,
       CASE WHEN reasons IS NOT NULL THEN 'refused'
            WHEN meter_id IS NULL THEN 'new'
            WHEN old IS NULL THEN 'unchanged'
            ELSE 'changed' END AS outcome
FROM (
    SELECT found.*,
           CASE WHEN problems IS NOT NULL OR account_problem IS NOT NULL OR repeat_problem IS NOT NULL
                  OR digits_problem IS NOT NULL OR zone_problem IS NOT NULL OR day_problem IS NOT NULL
                  OR value_problem IS NOT NULL
                THEN problems || array_remove(
                    ARRAY[CASE WHEN number_key IS NOT NULL THEN account_problem END, repeat_problem, digits_problem,
                          zone_problem, day_problem, value_problem], NULL) END AS reasons
    FROM found
    OFFSET 0  -- and each reason is found once
) AS found
