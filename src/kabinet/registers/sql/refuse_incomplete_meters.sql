-- Refuse the other scales of a new meter one line of which is refused: it is installed with all of them or not yet.
UPDATE registers_registerline AS line
SET outcome = 'refused', object_id = NULL, reasons = '["serial_number:scale-refused"]'
FROM registers_registerline AS refused
WHERE line.supplier_id = %(supplier_id)s AND line.register_id = %(register_id)s AND line.outcome = 'new'
  AND refused.supplier_id = %(supplier_id)s AND refused.register_id = %(register_id)s AND refused.outcome = 'refused'
  AND refused.account_id = line.account_id AND btrim({refused_serial_number}) = btrim({serial_number})
