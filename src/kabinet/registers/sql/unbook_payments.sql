-- Take back that a register has noted payments of ours as booked.
UPDATE payments_payment AS payment SET booked_at = NULL
FROM registers_registerline AS line
JOIN registers_register AS register ON register.supplier_id = %(supplier_id)s AND register.id = %(register_id)s
WHERE line.supplier_id = %(supplier_id)s AND line.register_id = %(register_id)s AND line.outcome = 'new'
  AND payment.supplier_id = %(supplier_id)s AND payment.id = line.payment_id
  AND payment.booked_at = register.applied_at
