-- Take back that a register has noted what went back, or came out of suspense, as booked.
UPDATE registers_sentdocument AS sent SET acknowledged_at = NULL
FROM registers_registerline AS line
JOIN registers_register AS register ON register.supplier_id = %(supplier_id)s AND register.id = %(register_id)s
WHERE line.supplier_id = %(supplier_id)s AND line.register_id = %(register_id)s AND line.outcome = 'new'
  AND sent.supplier_id = %(supplier_id)s AND sent.id = line.sent_id AND sent.acknowledged_at = register.applied_at
