-- What meters showed: after what is known of them, as the dial can show it.
WITH line AS MATERIALIZED (
    SELECT read.*, {problems} AS problems
    FROM (
        SELECT staged.line_no, {cells} AS cells, {number_key} AS number_key, {zone_key} AS zone_key,
               {values}
        FROM {staged}
        OFFSET 0  -- and each cell is read once, however often it is named
    ) AS read
), standing AS (  -- the meter of an account that has one, for lines that name none; most files have no such line
    SELECT meter.account_id, min(meter.id) AS meter_id
    FROM meters_meter AS meter
    WHERE meter.supplier_id = %(supplier_id)s AND meter.removed_on IS NULL
      AND EXISTS (SELECT FROM line WHERE line.serial_number IS NULL)
    GROUP BY meter.account_id
    HAVING count(*) = 1
), placed AS (
    SELECT line.*, account.id AS account_id, meter.id AS meter_id, meter.digits, scale.id AS scale_id,
           meter.installed_on, meter.removed_on, account.closed_on
    FROM line
    LEFT JOIN accounts_account AS account
      ON account.supplier_id = %(supplier_id)s AND account.number = line.number_key
    LEFT JOIN standing ON standing.account_id = account.id AND line.serial_number IS NULL
    LEFT JOIN meters_meter AS named
      ON named.supplier_id = %(supplier_id)s AND named.account_id = account.id
     AND named.serial_number = line.serial_number
    LEFT JOIN meters_meter AS meter
      ON meter.supplier_id = %(supplier_id)s AND meter.id = coalesce(named.id, standing.meter_id)
    LEFT JOIN meters_meterscale AS scale
      ON scale.supplier_id = %(supplier_id)s AND scale.meter_id = meter.id AND scale.zone = line.zone_key
), sorted AS (
    SELECT placed.*,
           lag(taken_on) OVER of_scale AS earlier_on, lag(value_m3) OVER of_scale AS earlier_m3,
           lead(taken_on) OVER of_scale AS later_on
    FROM placed
    WINDOW of_scale AS (PARTITION BY scale_id ORDER BY taken_on, line_no)
), found AS (
    SELECT sorted.*, known.value_m3 AS known_m3,
           CASE WHEN sorted.account_id IS NULL THEN 'number:unknown' END AS account_problem,
           CASE WHEN sorted.account_id IS NULL THEN NULL
                WHEN sorted.meter_id IS NULL THEN 'serial_number:unknown'
                WHEN sorted.scale_id IS NULL THEN 'zone:unknown' END AS meter_problem,
           CASE WHEN sorted.taken_on > %(today)s THEN 'taken_on:future'
                WHEN sorted.taken_on >= sorted.closed_on THEN 'taken_on:account-closed'
                WHEN sorted.taken_on < sorted.installed_on THEN 'taken_on:before-installed'
                WHEN sorted.taken_on > sorted.removed_on THEN 'taken_on:meter-removed'
                WHEN sorted.taken_on IN (sorted.earlier_on, sorted.later_on) AND sorted.scale_id IS NOT NULL
                THEN 'taken_on:repeated'
                WHEN known.taken_on > sorted.taken_on THEN 'taken_on:before-last'
                WHEN known.taken_on = sorted.taken_on AND known.value_m3 <> sorted.value_m3
                THEN 'value_m3:known-otherwise' END AS day_problem,
           CASE WHEN sorted.value_m3 < 0 OR sorted.value_m3 >= power(10, sorted.digits) OR sorted.value_m3 <> trunc(sorted.value_m3)
                THEN 'value_m3:not-on-dial'
                WHEN known.taken_on IS DISTINCT FROM sorted.taken_on
                 AND sorted.value_m3 < greatest(sorted.earlier_m3, known.value_m3) THEN 'value_m3:below-previous'
                WHEN known.taken_on IS DISTINCT FROM sorted.taken_on
                 AND sorted.value_m3 - greatest(sorted.earlier_m3, known.value_m3) > %(max_volume_m3)s
                THEN 'value_m3:too-much' END AS value_problem,
           known.taken_on IS NOT DISTINCT FROM sorted.taken_on AND known.value_m3 = sorted.value_m3 AS is_known
    FROM sorted
    LEFT JOIN LATERAL (
        SELECT reading.taken_on, reading.value_m3
        FROM meters_reading AS reading
        WHERE reading.supplier_id = %(supplier_id)s AND reading.scale_id = sorted.scale_id
          AND reading.status = 'accepted'
        ORDER BY reading.taken_on DESC, reading.id DESC
        LIMIT 1
    ) AS known ON TRUE
)
SELECT line_no, cells, account_id, NULL::bigint AS service_id, meter_id, date_trunc('month', taken_on)::date AS period,
       taken_on AS "on", NULL::numeric AS amount_rub, NULL::numeric AS balance_rub, NULL::bigint AS payment_id,
       NULL::jsonb AS old, reasons,
       CASE WHEN reasons IS NOT NULL THEN 'refused' WHEN is_known THEN 'unchanged' ELSE 'new' END AS outcome
FROM (
    SELECT found.*,
           CASE WHEN problems IS NOT NULL OR account_problem IS NOT NULL OR meter_problem IS NOT NULL
                  OR day_problem IS NOT NULL OR value_problem IS NOT NULL
                THEN problems || array_remove(
                    ARRAY[CASE WHEN number_key IS NOT NULL THEN account_problem END, meter_problem, day_problem,
                          value_problem], NULL) END AS reasons
    FROM found
    OFFSET 0  -- and each reason is found once
) AS found
