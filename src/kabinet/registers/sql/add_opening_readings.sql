-- Write from what new meters count on, where the register says it.
INSERT INTO meters_reading (
    supplier_id, account_id, meter_id, scale_id, value_m3, volume_m3, taken_on, submitted_at, source, status, is_rollover,
    is_unproven, review_note
)
SELECT %(supplier_id)s, line.account_id, meter.id, scale.id, line.value_m3, 0, line.taken_on, %(now)s, 'opening',
       'accepted', FALSE, FALSE, ''
FROM (
    SELECT line.id, line.account_id, line.line_no, line.old, {zone_key} AS zone_key,
           {values}
    FROM registers_registerline AS line
    WHERE line.supplier_id = %(supplier_id)s AND line.register_id = %(register_id)s AND line.outcome = 'new'
) AS line
JOIN meters_meter AS meter
  ON meter.supplier_id = %(supplier_id)s AND meter.account_id = line.account_id
 AND meter.serial_number = line.serial_number
JOIN meters_meterscale AS scale
  ON scale.supplier_id = %(supplier_id)s AND scale.meter_id = meter.id AND scale.zone = line.zone_key
WHERE line.value_m3 IS NOT NULL
ORDER BY line.line_no
