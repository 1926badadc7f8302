-- Give new meters their scales.
INSERT INTO meters_meterscale (supplier_id, meter_id, zone, name)
SELECT %(supplier_id)s, meter.id, line.zone_key, ''
FROM (
    SELECT line.id, line.account_id, line.line_no, line.old, {zone_key} AS zone_key,
           {values}
    FROM registers_registerline AS line
    WHERE line.supplier_id = %(supplier_id)s AND line.register_id = %(register_id)s AND line.outcome = 'new'
) AS line
JOIN meters_meter AS meter
  ON meter.supplier_id = %(supplier_id)s AND meter.account_id = line.account_id
 AND meter.serial_number = line.serial_number
ORDER BY line.line_no
