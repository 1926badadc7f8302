-- Put back what the lines of a register have replaced.
UPDATE meters_meter AS meter
SET {restored}
FROM registers_registerline AS line
WHERE line.supplier_id = %(supplier_id)s AND line.register_id = %(register_id)s AND line.outcome = 'changed'
  AND NOT line.is_left AND meter.supplier_id = %(supplier_id)s AND meter.id = line.object_id
