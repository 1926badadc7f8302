-- After a register was taken back, let the month that is the last one now prove who owns an account; without one,
-- nothing does. See last_charges.
WITH account AS (
    SELECT DISTINCT line.account_id FROM registers_registerline AS line
    WHERE line.supplier_id = %(supplier_id)s AND line.register_id = %(register_id)s AND line.outcome <> 'refused'
      AND line.amount_rub IS NOT NULL
), total AS (
    SELECT DISTINCT ON (month.account_id) month.account_id, month.amount_rub
    FROM (
        SELECT charge.account_id, charge.period, sum(charge.amount_rub) AS amount_rub
        FROM charges_charge AS charge
        WHERE charge.supplier_id = %(supplier_id)s AND charge.kind = 'imported'
          AND charge.account_id IN (SELECT account.account_id FROM account)
        GROUP BY charge.account_id, charge.period
        HAVING count(*) > 2 * count(charge.reverses_id)
    ) AS month
    ORDER BY month.account_id, month.period DESC
), gone AS (
    DELETE FROM accounts_proofvalue AS proof
    USING account
    LEFT JOIN total ON total.account_id = account.account_id
    WHERE proof.supplier_id = %(supplier_id)s AND proof.account_id = account.account_id AND proof.kind = 'last_charge'
      AND coalesce(total.amount_rub, 0) <= 0
)
INSERT INTO accounts_proofvalue (supplier_id, account_id, kind, source, value_hash)
SELECT %(supplier_id)s, total.account_id, 'last_charge', '',
       encode(sha256(convert_to(
           %(supplier_id)s::bigint || ':' || total.account_id || ':last_charge:' || total.amount_rub, 'UTF8'
       )), 'hex')
FROM total
WHERE total.amount_rub > 0
ORDER BY total.account_id
ON CONFLICT (supplier_id, account_id, kind, source) DO UPDATE SET value_hash = excluded.value_hash
