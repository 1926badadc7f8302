-- Accounts: new ones, and those of which something is said otherwise. What a file leaves empty stays as it is.
WITH line AS MATERIALIZED (
    SELECT read.*, {problems} AS problems
    FROM (
        SELECT staged.line_no, {cells} AS cells, {number_key} AS number_key,
               {values}
        FROM {staged}
        OFFSET 0  -- and each cell is read once, however often it is named
    ) AS read
), repeated AS (
    SELECT number_key FROM line GROUP BY number_key HAVING count(*) > 1
    UNION
    SELECT number_key FROM line  -- written in another way than where it stands as it is known
    WHERE number_key <> cells[1] AND EXISTS (SELECT FROM staged WHERE staged.number = line.number_key)
), person AS (
    SELECT line.*, {surname} AS new_surname, {given_name} AS new_given_name, {patronymic} AS new_patronymic,
           {street_address} AS new_street_address, {usage_purpose} AS new_usage_purpose_code
    FROM line
    OFFSET 0
), found AS (
    SELECT person.*, account.id AS account_id,
           CASE WHEN {is_changed} THEN jsonb_strip_nulls(jsonb_build_object(
{changes}
           )) END AS old,
           CASE WHEN repeated.number_key IS NOT NULL THEN 'number:repeated' END AS repeat_problem,
           CASE WHEN account.id IS NULL AND NOT (
                    length(person.number_key) = coalesce(%(number_length)s, length(person.number_key))
                    AND person.number_key ~ %(number_pattern)s
                ) THEN 'number:not-of-supplier' END AS number_problem,
           CASE WHEN greatest(
                    length(person.new_surname), length(person.new_given_name), length(person.new_patronymic)
                ) > 80 AND person.full_name IS NOT NULL
                THEN 'full_name:too-long' END AS name_problem,
           CASE WHEN coalesce(person.opened_on, account.opened_on) > coalesce(person.closed_on, account.closed_on)
                THEN 'closed_on:before-opened' END AS day_problem,
           CASE WHEN person.usage_purpose_code IS NOT NULL AND person.new_usage_purpose_code IS NULL
                THEN 'usage_purpose_code:not-named' END AS purpose_problem,
           CASE WHEN person.region_code !~ '^[-a-zA-Z0-9_]+$' THEN 'region_code:not-code' END AS region_problem
    FROM person
    LEFT JOIN (
        SELECT * FROM accounts_account
        WHERE supplier_id = %(supplier_id)s AND number IN (SELECT number_key FROM line)  -- a few of all
    ) AS account ON account.number = person.number_key
    LEFT JOIN repeated ON repeated.number_key = person.number_key
)
SELECT line_no, cells, account_id, NULL::bigint AS service_id, NULL::bigint AS meter_id, NULL::date AS period,
       NULL::date AS "on", NULL::numeric AS amount_rub, NULL::numeric AS balance_rub, NULL::bigint AS payment_id,
       old, reasons,
       CASE WHEN reasons IS NOT NULL THEN 'refused'
            WHEN account_id IS NULL THEN 'new'
            WHEN old IS NULL THEN 'unchanged'
            ELSE 'changed' END AS outcome
FROM (
    SELECT found.*,
           CASE WHEN problems IS NOT NULL OR repeat_problem IS NOT NULL OR number_problem IS NOT NULL
                  OR name_problem IS NOT NULL OR day_problem IS NOT NULL
                  OR purpose_problem IS NOT NULL OR region_problem IS NOT NULL
                THEN problems || array_remove(
                    ARRAY[repeat_problem, number_problem, name_problem, day_problem, purpose_problem, region_problem],
                    NULL) END AS reasons
    FROM found
    OFFSET 0  -- and each reason is found once
) AS found
