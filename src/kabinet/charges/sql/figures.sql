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
), reading_window AS (
    SELECT * FROM unnest(%(opens_on)s::date[], %(until)s::date[]) AS told (opens_on, until)
), first_of_scale AS (
    SELECT reading.scale_id, min(reading.taken_on) AS taken_on
    FROM reading_window
    JOIN meters_reading AS reading
        ON reading.taken_on >= reading_window.opens_on AND reading.taken_on < reading_window.until
    WHERE reading.supplier_id = %(supplier_id)s AND reading.status <> 'rejected'
        AND reading.source NOT IN ('opening', 'closing')
    GROUP BY reading.scale_id, reading_window.opens_on
), found AS (
    SELECT 'unpaid' AS kind, period AS day, count(DISTINCT account_id) AS count, sum(amount_rub) AS amount_rub
    FROM owed GROUP BY period
    UNION ALL
    SELECT 'undated', NULL, count(DISTINCT account_id), coalesce(sum(amount_rub), 0) FROM undated
    UNION ALL
    SELECT 'debtors', NULL, count(*), coalesce(sum(amount_rub), 0)
    FROM (SELECT sum(balance_rub) AS amount_rub FROM balance GROUP BY account_id HAVING sum(balance_rub) > 0) AS debtor
    UNION ALL
    SELECT 'readings', day.day, count(first_of_scale.scale_id), 0
    FROM reading_window
    CROSS JOIN LATERAL (
        SELECT generate_series(opens_on, until - 1, interval '1 day')::date AS day
    ) AS day
    LEFT JOIN first_of_scale ON first_of_scale.taken_on = day.day
    GROUP BY day.day
    UNION ALL
    SELECT 'scales', (SELECT max(opens_on) FROM reading_window), count(*), 0
    FROM meters_meterscale AS scale
    JOIN meters_meter AS meter ON meter.supplier_id = scale.supplier_id AND meter.id = scale.meter_id
    WHERE scale.supplier_id = %(supplier_id)s AND meter.removed_on IS NULL
)
INSERT INTO charges_figure (supplier_id, kind, "on", count, amount_rub, counted_at)
SELECT %(supplier_id)s, kind, day, count, amount_rub, %(now)s FROM found
