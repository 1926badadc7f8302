-- Keep the sum of the last charged month as a proof of ownership; see accounts.operations.record_last_charges.
INSERT INTO accounts_proofvalue (supplier_id, account_id, kind, source, value_hash)
SELECT %(supplier_id)s, total.account_id, 'last_charge', '',
       encode(sha256(convert_to(
           %(supplier_id)s::bigint || ':' || total.account_id || ':last_charge:' || total.amount_rub, 'UTF8'
       )), 'hex')
FROM (
    SELECT charge.account_id, sum(charge.amount_rub) AS amount_rub
    FROM charges_charge AS charge
    JOIN (
        SELECT line.account_id, max(line.period) AS period FROM registers_registerline AS line
        WHERE line.supplier_id = %(supplier_id)s AND line.register_id = %(register_id)s AND line.outcome <> 'refused'
          AND line.amount_rub IS NOT NULL
        GROUP BY line.account_id
    ) AS latest ON latest.account_id = charge.account_id AND latest.period = charge.period
    WHERE charge.supplier_id = %(supplier_id)s
      AND NOT EXISTS (
          SELECT FROM charges_charge AS later
          WHERE later.supplier_id = %(supplier_id)s AND later.account_id = charge.account_id
            AND later.period > charge.period AND later.kind = 'imported'
      )
    GROUP BY charge.account_id
) AS total
ORDER BY total.account_id
ON CONFLICT (supplier_id, account_id, kind, source) DO UPDATE SET value_hash = excluded.value_hash
