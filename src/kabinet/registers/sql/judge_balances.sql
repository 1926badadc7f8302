-- What is owed at the end of a day: other than what our ledger says, less what the supplier cannot know yet. Of a
-- supplier that is billed here it is the opening balance, which an account has once, before anything is charged for its
-- month or an earlier one (as in charges.operations.documents.check_opening).
WITH line AS MATERIALIZED (
    SELECT read.*, coalesce(read."on", %(today)s) AS day, {problems} AS problems
    FROM (
        SELECT staged.line_no, {cells} AS cells, {number_key} AS number_key, {service_key} AS service_key,
               {values}
        FROM {staged}
        OFFSET 0  -- and each cell is read once, however often it is named
    ) AS read
), repeated AS (
    SELECT number_key, service_key FROM line GROUP BY number_key, service_key HAVING count(*) > 1
), days AS (
    SELECT DISTINCT day FROM line
), ours AS (
{ours}
), found AS (
    SELECT line.*, account.id AS account_id, service.id AS service_id,
           coalesce(balance.balance_rub, 0) + coalesce(ours.amount_rub, 0) AS owed_rub,
           balance.balance_rub IS NULL AS is_first, coalesce(opening.amount_rub, 0) AS opening_rub,
           CASE WHEN account.id IS NULL THEN 'number:unknown' END AS account_problem,
           CASE WHEN service.id IS NULL THEN 'service_code:unknown' END AS service_problem,
           CASE WHEN repeated.number_key IS NOT NULL THEN 'number:repeated' END AS repeat_problem,
           CASE WHEN line.day > %(today)s THEN 'on:future'
                WHEN %(is_billed_here)s AND line."on" IS NULL THEN 'on:missing'
                WHEN %(is_billed_here)s AND opening.amount_rub <> line.balance_rub THEN 'balance_rub:opening-set'
                WHEN %(is_billed_here)s AND opening.amount_rub IS NULL AND EXISTS (
                    SELECT FROM charges_charge AS charge
                    WHERE charge.supplier_id = %(supplier_id)s AND charge.account_id = account.id
                      AND charge.service_id = service.id AND charge.kind NOT IN ('opening', 'adjustment')
                      AND charge.period < date_trunc('month', line.day - 1 + interval '1 month')
                ) THEN 'on:charged-before'
                WHEN NOT %(is_billed_here)s AND EXISTS (
                    SELECT FROM charges_charge AS charge
                    WHERE charge.supplier_id = %(supplier_id)s AND charge.account_id = account.id
                      AND charge.service_id = service.id AND charge.period >= date_trunc('month', line.day) AND charge.kind = 'imported'
                      -- the last day of a month holds what the month is charged, another one what was charged by then
                      AND (charge.period > line.day OR charge.charged_on > line.day
                           AND line.day < (charge.period + interval '1 month - 1 day')::date)
                      AND charge.reverses_id IS NULL AND NOT EXISTS (
                          SELECT FROM charges_charge AS reversal
                          WHERE reversal.supplier_id = %(supplier_id)s AND reversal.reverses_id = charge.id
                      )
                ) THEN 'on:charged-later' END AS day_problem
    FROM line
    LEFT JOIN accounts_account AS account
      ON account.supplier_id = %(supplier_id)s AND account.number = line.number_key
    LEFT JOIN unnest(%(service_keys)s::text[], %(service_ids)s::bigint[]) AS service (key, id)
      ON service.key = line.service_key
    LEFT JOIN repeated ON repeated.number_key = line.number_key AND repeated.service_key = line.service_key
    LEFT JOIN ledger_book AS book
      ON book.supplier_id = %(supplier_id)s AND book.kind = 'customer' AND book.account_id = account.id
     AND book.service_id = service.id
    LEFT JOIN ledger_bookbalance AS balance ON balance.supplier_id = %(supplier_id)s AND balance.book_id = book.id
    LEFT JOIN ours ON ours.account_id = account.id AND ours.service_id = service.id AND ours.day = line.day
    LEFT JOIN LATERAL (
{opening}
    ) AS opening ON %(is_billed_here)s
)
SELECT line_no, cells, account_id, service_id, NULL::bigint AS meter_id, date_trunc('month', day)::date AS period,
       day AS "on", NULL::numeric AS amount_rub, balance_rub, NULL::bigint AS payment_id,
       jsonb_build_object('balance_rub', owed_rub) AS old, reasons,
       CASE WHEN reasons IS NOT NULL THEN 'refused'
            WHEN %(is_billed_here)s THEN CASE WHEN balance_rub = opening_rub THEN 'unchanged' ELSE 'new' END
            WHEN balance_rub = owed_rub THEN 'unchanged'
            WHEN is_first THEN 'new'
            ELSE 'changed' END AS outcome
FROM (
    SELECT found.*,
           CASE WHEN problems IS NOT NULL OR account_problem IS NOT NULL OR service_problem IS NOT NULL
                  OR repeat_problem IS NOT NULL OR day_problem IS NOT NULL
                THEN problems || array_remove(
                    ARRAY[CASE WHEN number_key IS NOT NULL THEN account_problem END, service_problem, repeat_problem,
                          day_problem], NULL) END AS reasons
    FROM found
    OFFSET 0  -- and each reason is found once
) AS found
