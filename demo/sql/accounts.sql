-- The accounts of one supplier, with the habits of those who live there.
CREATE TEMP TABLE world_account ON COMMIT DROP AS
WITH counted AS (
    SELECT n, %(position)s * 100000000::bigint + n AS who FROM generate_series(0, %(count)s - 1) AS n
), told AS (
    SELECT * FROM unnest(
        %(case_n)s::int[], %(case_habit)s::text[], %(case_purpose)s::text[], %(case_expired)s::boolean[],
        %(case_surname)s::text[], %(case_given_name)s::text[], %(case_patronymic)s::text[], %(case_street)s::text[],
        %(case_flat)s::text[]
    ) AS told (n, habit, purpose, is_expired, surname, given_name, patronymic, street, flat)
), imagined AS (
    SELECT n, who,
           told.n IS NOT NULL AS is_told,
           lpad((%(first_number)s::bigint + n)::text, %(width)s, '0') AS body,
           pg_temp.chance(who, 1) < 0.5 AS is_woman,
           coalesce(told.purpose, CASE WHEN pg_temp.chance(who, 2) < 0.6 THEN 'heating' ELSE 'cooking' END) AS purpose,
           CASE
               WHEN told.habit IS NOT NULL THEN told.habit
               WHEN pg_temp.chance(who, 3) < 0.08 THEN 'debtor'
               WHEN pg_temp.chance(who, 3) < 0.12 THEN 'overpaid'
               WHEN pg_temp.chance(who, 3) < 0.13 AND n < %(detailed)s THEN 'closed'
               ELSE 'regular'
           END AS habit,
           coalesce(told.is_expired, pg_temp.chance(who, 4) < 0.03) AS is_expired,
           CASE WHEN n < %(detailed)s THEN %(detailed_months)s ELSE %(later_months)s END AS months,
           1 + floor(pg_temp.chance(who, 5) * 4)::int AS residents_count,
           told.surname, told.given_name, told.patronymic, told.street, told.flat
    FROM counted LEFT JOIN told USING (n)
)
SELECT nextval(pg_get_serial_sequence('accounts_account', 'id')) AS id, n, who, is_told, habit, purpose, is_expired, residents_count,
       months,
       months - CASE WHEN habit = 'closed' THEN 4 + floor(pg_temp.chance(who, 6) * 5)::int ELSE 0 END AS charged_months,
       regexp_replace(
           body || pg_temp.check_digit(body, %(check)s), %(mask_pattern)s, %(mask_replacement)s
       ) AS number,
       coalesce(surname, CASE WHEN is_woman THEN pg_temp.pick(%(surnames_f)s, who, 7)
                              ELSE pg_temp.pick(%(surnames_m)s, who, 7) END) AS surname,
       coalesce(given_name, CASE WHEN is_woman THEN pg_temp.pick(%(names_f)s, who, 8)
                                 ELSE pg_temp.pick(%(names_m)s, who, 8) END) AS given_name,
       coalesce(patronymic, CASE WHEN is_woman THEN pg_temp.pick(%(patronymics_f)s, who, 9)
                                 ELSE pg_temp.pick(%(patronymics_m)s, who, 9) END) AS patronymic,
       CASE WHEN street IS NULL THEN pg_temp.pick(%(localities)s, who, 10) ELSE (%(localities)s::text[])[1] END AS locality,
       coalesce(street, pg_temp.pick(%(streets)s, who, 11) || ', д. ' || 1 + floor(pg_temp.chance(who, 12) * 90)::int)
           AS street_address,
       coalesce(flat, CASE WHEN purpose = 'heating' THEN '' ELSE (1 + floor(pg_temp.chance(who, 13) * 120)::int)::text END)
           AS flat,
       CASE WHEN purpose = 'heating' THEN 55 + floor(pg_temp.chance(who, 14) * 90) ELSE 31 + floor(pg_temp.chance(who, 14) * 50)
       END::numeric(8, 2) AS area_m2
FROM imagined
ORDER BY n;

ANALYZE world_account;

INSERT INTO accounts_account (
    id, supplier_id, number, opened_on, closed_on, surname, given_name, patronymic, postcode, locality, street_address, flat,
    residents_count, area_m2, usage_purpose_code, region_code, created_at
)
SELECT id, %(supplier_id)s, number, (%(this_month)s::date - interval '1 month' * (months + 40))::date,
       CASE WHEN charged_months < months THEN (%(this_month)s::date - interval '1 month' * (months - charged_months))::date - 1 END,
       surname, given_name, patronymic, '', locality, street_address, flat, residents_count, area_m2, purpose, '', %(now)s
FROM world_account;

-- What they have agreed to pay each month whatever is used.
INSERT INTO tariffs_monthlyfee (supplier_id, account_id, service_id, monthly_rub, valid_from, source, set_at)
SELECT %(supplier_id)s, id, %(maintenance_id)s, %(maintenance_rub)s, (%(this_month)s::date - interval '1 month' * months)::date,
       'Договор о техническом обслуживании газового оборудования', %(this_month)s::date - interval '1 month' * months
FROM world_account
WHERE %(maintenance_id)s::bigint IS NOT NULL;
