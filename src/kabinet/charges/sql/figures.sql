-- Count what the first page of the office shows of a supplier. Reads every unpaid charge, every balance, and the
-- readings of two windows.
WITH owed AS (
    SELECT period, account_id, service_id, sum(amount_rub - settled_rub) AS amount_rub
    FROM charges_charge
    WHERE supplier_id = %(supplier_id)s AND settled_rub < amount_rub
    GROUP BY period, account_id, service_id
), balance AS (
    SELECT book.account_id, book.service_id, stored.balance_rub
    FROM ledger_book AS book
    JOIN ledger_bookbalance AS stored ON stored.supplier_id = book.supplier_id AND stored.book_id = book.id
    WHERE book.supplier_id = %(supplier_id)s AND book.kind = 'customer'
), undated AS (
    SELECT balance.account_id, balance.balance_rub - coalesce(dated.amount_rub, 0) AS amount_rub
    FROM balance
    LEFT JOIN (SELECT account_id, service_id, sum(amount_rub) AS amount_rub FROM owed GROUP BY 1, 2) AS dated
        USING (account_id, service_id)
    WHERE balance.balance_rub > coalesce(dated.amount_rub, 0)
), first_of_scale AS (
    SELECT scale_id, min(taken_on) AS taken_on
    FROM meters_reading
    WHERE supplier_id = %(supplier_id)s AND status <> 'rejected' AND source NOT IN ('opening', 'closing')
        AND taken_on >= %(before_opens_on)s AND taken_on < %(until)s
        AND (taken_on < %(before_until)s OR taken_on >= %(opens_on)s)
    GROUP BY scale_id, taken_on >= %(opens_on)s
), told AS (
    SELECT taken_on AS day, count(*) AS count FROM first_of_scale GROUP BY taken_on
), window_day AS (
    SELECT generate_series(%(before_opens_on)s, %(before_until)s - 1, interval '1 day')::date AS day
    UNION ALL
    SELECT generate_series(%(opens_on)s, %(until)s - 1, interval '1 day')::date
), found AS (
    SELECT 'unpaid' AS kind, period AS day, count(DISTINCT account_id) AS count, sum(amount_rub) AS amount_rub
    FROM owed GROUP BY period
    UNION ALL
    SELECT 'undated', NULL, count(DISTINCT account_id), coalesce(sum(amount_rub), 0) FROM undated
    UNION ALL
    SELECT 'debtors', NULL, count(*), coalesce(sum(amount_rub), 0)
    FROM (SELECT sum(balance_rub) AS amount_rub FROM balance GROUP BY account_id HAVING sum(balance_rub) > 0) AS debtor
    UNION ALL
    SELECT 'readings', day, coalesce(count, 0), 0 FROM window_day LEFT JOIN told USING (day)
    UNION ALL
    SELECT 'scales', %(opens_on)s, count(*), 0
    FROM meters_meterscale AS scale
    JOIN meters_meter AS meter ON meter.supplier_id = scale.supplier_id AND meter.id = scale.meter_id
    WHERE scale.supplier_id = %(supplier_id)s AND meter.removed_on IS NULL
)
INSERT INTO charges_figure (supplier_id, kind, "on", count, amount_rub, counted_at)
SELECT %(supplier_id)s, kind, day, count, amount_rub, %(now)s FROM found
