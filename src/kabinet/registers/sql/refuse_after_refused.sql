-- Refuse readings that follow one of which the file says too much: what was used since would count it as well.
UPDATE registers_registerline AS line
SET outcome = 'refused', object_id = NULL, reasons = '["value_m3:after-refused"]'
FROM registers_registerline AS refused
WHERE line.supplier_id = %(supplier_id)s AND line.register_id = %(register_id)s AND line.outcome = 'new'
  AND refused.supplier_id = %(supplier_id)s AND refused.register_id = %(register_id)s AND refused.outcome = 'refused'
  AND refused.reasons @> '["value_m3:too-much"]' AND refused.meter_id = line.meter_id AND refused."on" < line."on"
  AND {refused_zone_key} = {zone_key}
