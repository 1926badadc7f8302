-- The opening balance of an account and a service that stands: neither taken back with its register, nor undone by an
-- adjustment of the opposite sum.
SELECT charge.amount_rub
FROM charges_charge AS charge
WHERE charge.supplier_id + 0 = %(supplier_id)s AND charge.account_id = {account_id}
  AND charge.service_id + 0 = {service_id} AND charge.kind = 'opening' AND charge.reverses_id IS NULL
  AND NOT EXISTS (
      SELECT FROM charges_charge AS undoing
      WHERE undoing.supplier_id + 0 = %(supplier_id)s AND undoing.account_id = charge.account_id
        AND undoing.service_id + 0 = charge.service_id AND undoing.id > charge.id
        AND (
            undoing.reverses_id = charge.id
            OR undoing.kind = 'adjustment' AND undoing.amount_rub = -charge.amount_rub
        )
  )
ORDER BY charge.id DESC
LIMIT 1
