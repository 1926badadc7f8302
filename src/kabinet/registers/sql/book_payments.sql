-- Note which payments of ours a supplier has on its books; one that is noted already stays as it is.
UPDATE payments_payment AS payment SET booked_at = %(now)s
FROM (
    SELECT DISTINCT line.payment_id FROM registers_registerline AS line
    WHERE line.supplier_id = %(supplier_id)s AND line.register_id = %(register_id)s AND line.outcome = 'new'
      AND line.payment_id IS NOT NULL
) AS line
WHERE payment.supplier_id = %(supplier_id)s AND payment.id = line.payment_id AND payment.booked_at IS NULL
