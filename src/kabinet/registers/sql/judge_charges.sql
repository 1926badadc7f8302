-- Charges of months: new, or other than what was charged by an earlier register.
WITH line AS MATERIALIZED (  -- each cell is read once, however often it is named below
    SELECT staged.line_no, {cells} AS cells, {number_key} AS number_key, {service_key} AS service_key,
           {problems} AS problems,
           {values}
    FROM staged
), repeated AS (
    SELECT {number_key} AS number_key, {service_key} AS service_key, {period} AS period
    FROM staged
    GROUP BY 1, 2, 3
    HAVING count(*) > 1
), days AS (
    SELECT DISTINCT ({period} + interval '1 month - 1 day')::date AS day FROM staged
), ours AS (
{ours}
), found AS (
    SELECT line.*, account.id AS account_id, service.id AS service_id, before.lines_count AS before_count,
           coalesce(before.amount_rub, 0) AS before_rub, before.volume_m3 AS before_m3,
           CASE WHEN before.has_later THEN NULL ELSE line.closing_rub END AS target_rub,
           coalesce(balance.balance_rub, 0) + coalesce(ours.amount_rub, 0) AS owed_rub,
           CASE WHEN account.id IS NULL THEN 'number:unknown' END AS account_problem,
           CASE WHEN service.id IS NULL THEN 'service_code:unknown' END AS service_problem,
           CASE WHEN repeated.number_key IS NOT NULL THEN 'number:repeated' END AS repeat_problem,
           CASE WHEN line.period > %(this_month)s THEN 'period:future' END AS period_problem
    FROM line
    LEFT JOIN accounts_account AS account
      ON account.supplier_id = %(supplier_id)s AND account.number = line.number_key
    LEFT JOIN unnest(%(service_keys)s::text[], %(service_ids)s::bigint[]) AS service (key, id)
      ON service.key = line.service_key
    LEFT JOIN repeated
      ON repeated.number_key = line.number_key AND repeated.service_key = line.service_key
     AND repeated.period = line.period
    LEFT JOIN LATERAL (
        SELECT count(*) FILTER (WHERE charge.period = line.period) AS lines_count,
               sum(charge.amount_rub) FILTER (WHERE charge.period = line.period) AS amount_rub,
               sum(charge.volume_m3) FILTER (WHERE charge.period = line.period) AS volume_m3,
               coalesce(bool_or(charge.period > line.period), FALSE) AS has_later
        FROM charges_charge AS charge
        WHERE charge.supplier_id = %(supplier_id)s AND charge.account_id = account.id
          AND charge.service_id = service.id AND charge.period >= line.period AND charge.kind = 'imported'
    ) AS before ON TRUE
    LEFT JOIN ledger_book AS book
      ON book.supplier_id = %(supplier_id)s AND book.kind = 'customer' AND book.account_id = account.id
     AND book.service_id = service.id
    LEFT JOIN ledger_bookbalance AS balance ON balance.supplier_id = %(supplier_id)s AND balance.book_id = book.id
    LEFT JOIN ours
      ON ours.account_id = account.id AND ours.service_id = service.id
     AND ours.day = (line.period + interval '1 month - 1 day')::date
)
SELECT line_no, cells, account_id, service_id, NULL::bigint AS meter_id, period,
       (period + interval '1 month - 1 day')::date AS "on", amount_rub, target_rub AS balance_rub,
       NULL::bigint AS payment_id,
       jsonb_build_object('amount_rub', before_rub) AS old, reasons,
       CASE WHEN reasons IS NOT NULL THEN 'refused'
            WHEN before_count = 0 THEN 'new'
            WHEN before_rub = amount_rub AND coalesce(volume_m3, before_m3, 0) = coalesce(before_m3, 0)
             AND coalesce(target_rub = owed_rub, TRUE) THEN 'unchanged'
            ELSE 'changed' END AS outcome
FROM (
    SELECT found.*,
           CASE WHEN problems IS NOT NULL OR account_problem IS NOT NULL OR service_problem IS NOT NULL
                  OR repeat_problem IS NOT NULL OR period_problem IS NOT NULL
                THEN problems || array_remove(
                    ARRAY[CASE WHEN number_key IS NOT NULL THEN account_problem END, service_problem, repeat_problem,
                          period_problem], NULL) END AS reasons
    FROM found
    OFFSET 0  -- and each reason is found once
) AS found
