-- Charges of months: new, or other than what was charged by an earlier register.
WITH line AS MATERIALIZED (
    SELECT read.*, {problems} AS problems
    FROM (
        SELECT staged.line_no, {cells} AS cells, {number_key} AS number_key, {service_key} AS service_key,
               {values}
        FROM {staged}
        OFFSET 0  -- and each cell is read once, however often it is named
    ) AS read
), repeated AS (
    SELECT number_key, service_key, period FROM line GROUP BY number_key, service_key, period HAVING count(*) > 1
), charged AS (  -- by registers before, in these months and later; what was taken back is not charged
    SELECT charge.account_id, charge.service_id, charge.period,
           count(*) - 2 * count(charge.reverses_id) AS lines_count,
           sum(charge.amount_rub) AS amount_rub, sum(charge.volume_m3) AS volume_m3
    FROM charges_charge AS charge
    WHERE charge.supplier_id = %(supplier_id)s AND charge.kind = 'imported'
      AND charge.period >= (SELECT min(period) FROM line) {among}
    GROUP BY charge.account_id, charge.service_id, charge.period
    HAVING count(*) > 2 * count(charge.reverses_id)
), latest AS (
    SELECT account_id, service_id, max(period) AS period FROM charged GROUP BY account_id, service_id
), newest AS (  -- of several months in one file, the last says what is owed
    SELECT number_key, service_key, max(period) AS period
    FROM line
    WHERE period <= %(this_month)s AND (SELECT min(period) <> max(period) FROM line)
    GROUP BY number_key, service_key
), days AS (
    SELECT DISTINCT (period + interval '1 month - 1 day')::date AS day FROM (SELECT DISTINCT period FROM line) AS months
), ours AS (
{ours}
), found AS (
    SELECT line.*, account.id AS account_id, service.id AS service_id, coalesce(before.lines_count, 0) AS before_count,
           coalesce(before.amount_rub, 0) AS before_rub, before.volume_m3 AS before_m3,
           CASE WHEN greatest(latest.period, newest.period) > line.period THEN NULL ELSE line.closing_rub END
               AS target_rub,
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
    LEFT JOIN charged AS before
      ON before.account_id = account.id AND before.service_id = service.id AND before.period = line.period
    LEFT JOIN latest ON latest.account_id = account.id AND latest.service_id = service.id
    LEFT JOIN newest ON newest.number_key = line.number_key AND newest.service_key = line.service_key
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
       CASE WHEN before_count > 0 THEN jsonb_strip_nulls(jsonb_build_object(
           'amount_rub', before_rub, 'volume_m3', CASE WHEN volume_m3 IS NOT NULL THEN coalesce(before_m3, 0) END,
           'closing_rub', CASE WHEN target_rub IS NOT NULL THEN owed_rub END
       )) END AS old, reasons,
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
