-- Cut the accounts of a supplier into batches in the order of their ids.
INSERT INTO charges_accrualbatch (
    supplier_id, run_id, number, first_account_id, last_account_id, accounts_count, summary, terms_digest
)
SELECT %(supplier_id)s, %(run_id)s, number, min(id), max(id), count(*), '[]', ''
FROM (
    SELECT id, 1 + (row_number() OVER (ORDER BY id) - 1) / %(size)s AS number
    FROM accounts_account WHERE supplier_id = %(supplier_id)s
) AS account
GROUP BY number
ORDER BY number
