-- Count the accounts that a run has not computed although its month is charged to them: they have come since.
-- Ids are given before accounts are committed, so they may come in the middle as well as at the end.
WITH batch AS (
    SELECT first_account_id, last_account_id, accounts_count FROM charges_accrualbatch
    WHERE supplier_id = %(supplier_id)s AND run_id = %(run_id)s
), gap AS (  -- the ids [since, until) that no batch has; the last of them end with the largest bigint
    SELECT 0 AS since, coalesce(min(first_account_id), 9223372036854775807) AS until FROM batch
    UNION ALL
    SELECT last_account_id + 1, lead(first_account_id, 1, 9223372036854775807) OVER (ORDER BY first_account_id) FROM batch
)
SELECT (
    SELECT count(*)
    FROM gap
    JOIN accounts_account AS account
      ON account.supplier_id = %(supplier_id)s AND account.id >= gap.since AND account.id < gap.until
    WHERE coalesce(account.opened_on, '-infinity') < %(charged_until)s
) + (
    SELECT coalesce(sum(greatest(now_inside.count - batch.accounts_count, 0)), 0)
    FROM batch
    CROSS JOIN LATERAL (
        SELECT count(*) FROM accounts_account AS account
        WHERE account.supplier_id = %(supplier_id)s
          AND account.id BETWEEN batch.first_account_id AND batch.last_account_id
    ) AS now_inside
)
