-- Keep the sum of the last charged month as a proof of ownership; see accounts.operations.record_last_charges.
-- It is what the supplier's bill says: what brings balances to the supplier's stands on none. Nought proves nothing.
WITH total AS (
    SELECT charge.account_id, sum(charge.amount_rub) AS amount_rub
    FROM charges_charge AS charge
    JOIN (
        SELECT line.account_id, max(line.period) AS period FROM registers_registerline AS line
        WHERE line.supplier_id = %(supplier_id)s AND line.register_id = %(register_id)s AND line.outcome <> 'refused'
          AND line.amount_rub IS NOT NULL
        GROUP BY line.account_id
    ) AS latest ON latest.account_id = charge.account_id AND latest.period = charge.period
    WHERE charge.supplier_id = %(supplier_id)s AND charge.kind = 'imported'
      AND NOT EXISTS (
          SELECT FROM charges_charge AS later
          LEFT JOIN charges_charge AS reversal
            ON reversal.supplier_id = %(supplier_id)s AND reversal.reverses_id = later.id
          WHERE later.supplier_id = %(supplier_id)s AND later.account_id = charge.account_id
            AND later.period > charge.period AND later.kind = 'imported' AND later.reverses_id IS NULL
            AND reversal.id IS NULL
      )
    GROUP BY charge.account_id
), gone AS (
    DELETE FROM accounts_proofvalue AS proof
    USING total
    WHERE proof.supplier_id = %(supplier_id)s AND proof.account_id = total.account_id AND proof.kind = 'last_charge'
      AND total.amount_rub <= 0
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
