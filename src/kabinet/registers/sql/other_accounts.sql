-- Lines that do not say to the letter what is known of an account, into `other`: the few of most files.
CREATE TEMP TABLE other ON COMMIT DROP AS
WITH twice AS MATERIALIZED (
    SELECT number FROM staged GROUP BY number HAVING count(*) > 1
)
SELECT staged.*
FROM staged
LEFT JOIN twice ON twice.number = staged.number
WHERE NOT EXISTS (
    SELECT FROM accounts_account AS account
    WHERE account.supplier_id = %(supplier_id)s AND account.number = staged.number AND twice.number IS NULL
      AND {is_same}
)
