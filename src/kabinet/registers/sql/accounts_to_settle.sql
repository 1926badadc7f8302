-- Accounts of a register on which charges are unpaid although there is an advance.
SELECT DISTINCT book.account_id
FROM (
    SELECT charge.account_id, charge.service_id, sum(charge.amount_rub - charge.settled_rub) AS amount_rub
    FROM charges_charge AS charge
    WHERE charge.supplier_id = %(supplier_id)s AND charge.settled_rub < charge.amount_rub
      AND charge.account_id IN (
          SELECT line.account_id FROM registers_registerline AS line
          WHERE line.supplier_id = %(supplier_id)s AND line.register_id = %(register_id)s AND line.outcome <> 'refused'
      )
    GROUP BY charge.account_id, charge.service_id
) AS unpaid
JOIN ledger_book AS book
  ON book.supplier_id = %(supplier_id)s AND book.kind = 'customer' AND book.account_id = unpaid.account_id
 AND book.service_id = unpaid.service_id
LEFT JOIN ledger_bookbalance AS balance ON balance.supplier_id = %(supplier_id)s AND balance.book_id = book.id
WHERE unpaid.amount_rub <> coalesce(balance.balance_rub, 0)
ORDER BY book.account_id
