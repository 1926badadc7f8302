-- One meter for each account but those of stories; some have two scales, some an expired verification.
CREATE TEMP TABLE world_meter ON COMMIT DROP AS
SELECT nextval(pg_get_serial_sequence('meters_meter', 'id')) AS id, account.id AS account_id, who,
       lpad((1000000 + floor(pg_temp.chance(who, 20) * 98000000)::bigint)::text, 8, '0') AS serial_number,
       pg_temp.pick(ARRAY['ВК-G4', 'ВК-G4Т', 'Гранд-4', 'СГМН-1-G6', 'NPM-G4'], who, 21) AS model_name,
       CASE WHEN purpose = 'heating' THEN 'котельная' ELSE 'кухня' END AS location,
       CASE
           WHEN is_expired THEN %(this_month)s::date - 1
           WHEN is_told THEN %(today)s::date + 1600
           ELSE %(today)s::date + 15 + floor(pg_temp.chance(who, 22) * 3600)::int
       END AS verification_due_on,
       CASE WHEN charged_months < months THEN (%(this_month)s::date - interval '1 month' * (months - charged_months))::date - 1 END
           AS removed_on,
       %(has_two_scales)s AND mod(n, 10) = 0 AS has_two_scales
FROM world_account AS account
WHERE habit <> 'story'
ORDER BY n;

ANALYZE world_meter;

INSERT INTO meters_meter (
    id, supplier_id, account_id, serial_number, model_name, location, digits, installed_on, removed_on, verification_due_on,
    seal_number, usage_purpose_code, needs_volume_factor
)
SELECT id, %(supplier_id)s, account_id, serial_number, model_name, location, 5,
       least(verification_due_on - interval '10 years', %(this_month)s::date - interval '40 months')::date,
       removed_on, verification_due_on, 'П-' || lpad(floor(pg_temp.chance(who, 23) * 999999)::text, 6, '0'), '', false
FROM world_meter;

CREATE TEMP TABLE world_scale ON COMMIT DROP AS
SELECT nextval(pg_get_serial_sequence('meters_meterscale', 'id')) AS id, meter.id AS meter_id, meter.account_id, zone, name, part,
       CASE WHEN pg_temp.chance(who, 24 + length(zone)) < 0.02 THEN 97000 ELSE floor(pg_temp.chance(who, 25) * 40000) END::bigint
           AS began_m3
FROM world_meter AS meter
CROSS JOIN LATERAL (
    SELECT 'T1' AS zone, CASE WHEN has_two_scales THEN 'день' ELSE '' END AS name, CASE WHEN has_two_scales THEN 0.7 ELSE 1 END AS part
    UNION ALL
    SELECT 'T2', 'ночь', 0.3 WHERE has_two_scales
) AS scales
ORDER BY meter.id, zone;

ANALYZE world_scale;

INSERT INTO meters_meterscale (id, supplier_id, meter_id, zone, name)
SELECT id, %(supplier_id)s, meter_id, zone, name FROM world_scale;
