-- A reading a month, now and then none, and one of the last day of an account; a cold month heats more than a warm one.
CREATE TEMP TABLE world_reading ON COMMIT DROP AS
WITH monthly AS (
    SELECT account.*, scale.id AS scale_id, scale.meter_id, scale.zone, scale.began_m3, m,
           (%(this_month)s::date - interval '1 month' * (months - m))::date AS month,
           greatest(1, round((CASE
               WHEN habit = 'notice' THEN CASE WHEN m = months - 1 THEN 28 ELSE 26 + floor(pg_temp.chance(who, 100 + m) * 8) END
               WHEN purpose = 'cooking' THEN residents_count * (7 + 5 * pg_temp.chance(who, 100 + m))
               ELSE area_m2 * (0.85 + 0.3 * pg_temp.chance(who, 100 + m)) * (%(heat_m3_per_m2)s::numeric[])[
                   extract(month FROM %(this_month)s::date - interval '1 month' * (months - m))::int
               ]
           END * scale.part)::numeric)) AS used_m3
    FROM world_account AS account
    JOIN world_scale AS scale ON scale.account_id = account.id
    CROSS JOIN LATERAL generate_series(0, charged_months - 1) AS m
), running AS (
    SELECT *, sum(used_m3) OVER (PARTITION BY scale_id ORDER BY m) AS counted_m3,
           CASE WHEN habit = 'notice' THEN 1262 - sum(used_m3) OVER (PARTITION BY scale_id) ELSE began_m3 END AS first_m3,
           CASE
               WHEN habit = 'closed' AND m = charged_months - 1 THEN (month + interval '1 month')::date - 2
               ELSE month + 19 + floor(pg_temp.chance(who, 200 + m) * 6)::int
           END AS taken_on
    FROM monthly
), handed_in AS (
    SELECT *, first_m3 + counted_m3 AS total_m3,
           lag(first_m3 + counted_m3, 1, first_m3::numeric) OVER by_month AS total_before_m3,
           lag(taken_on, 1, (month - interval '1 month' * m)::date - 1) OVER by_month + 1 AS used_from
    FROM running
    WHERE is_told OR m < 2 OR m > charged_months - 3 OR pg_temp.chance(who, 300 + m) > 0.04
    WINDOW by_month AS (PARTITION BY scale_id ORDER BY m)
)
SELECT nextval(pg_get_serial_sequence('meters_reading', 'id')) AS id, id AS account_id, who, meter_id, scale_id, zone, purpose, month,
       mod(total_m3, 100000) AS value_m3, mod(total_before_m3, 100000) AS previous_m3,
       total_m3 - total_before_m3 AS volume_m3, used_from, taken_on,
       floor(total_m3 / 100000) > floor(total_before_m3 / 100000) AS is_rollover,
       CASE WHEN pg_temp.chance(who, 400 + m) < 0.15 THEN 'operator' ELSE 'customer' END AS source
FROM handed_in
ORDER BY account_id, m, zone;

ANALYZE world_reading (id, account_id, scale_id, used_from, taken_on, purpose);

INSERT INTO meters_reading (
    supplier_id, account_id, meter_id, scale_id, value_m3, volume_m3, taken_on, submitted_at, source, status, is_rollover,
    is_unproven, review_note
)
SELECT DISTINCT ON (scale_id) %(supplier_id)s, account_id, meter_id, scale_id, previous_m3, 0, used_from - 1,
       (used_from - 1) + time '12:00' AT TIME ZONE %(time_zone)s, 'opening', 'accepted', false, false, ''
FROM world_reading
ORDER BY scale_id, taken_on;

INSERT INTO meters_reading (
    id, supplier_id, account_id, meter_id, scale_id, value_m3, previous_m3, used_from, volume_m3, taken_on, submitted_at, source,
    status, is_rollover, is_unproven, review_note
)
SELECT id, %(supplier_id)s, account_id, meter_id, scale_id, value_m3, previous_m3, used_from, volume_m3, taken_on,
       (taken_on + time '09:00' + interval '1 minute' * floor(pg_temp.chance(id, 30) * 720)) AT TIME ZONE %(time_zone)s,
       source, 'accepted', is_rollover, false, ''
FROM world_reading;
