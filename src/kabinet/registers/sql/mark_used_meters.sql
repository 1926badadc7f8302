-- Mark the lines whose new meters have counted something by now, or were out of order.
UPDATE registers_registerline AS marked SET is_left = TRUE
FROM (
    SELECT line.id
    FROM registers_registerline AS line
    JOIN meters_meter AS meter
      ON meter.supplier_id = %(supplier_id)s AND meter.account_id = line.account_id
     AND meter.serial_number = btrim(line.cells[2])
    WHERE line.supplier_id = %(supplier_id)s AND line.register_id = %(register_id)s AND line.outcome = 'new'
      AND (
          EXISTS (
              SELECT FROM meters_reading AS reading
              WHERE reading.supplier_id = %(supplier_id)s AND reading.meter_id = meter.id
                AND reading.account_id = meter.account_id AND reading.source <> 'opening'
          )
          OR EXISTS (
              SELECT FROM meters_meteroutage AS outage
              WHERE outage.supplier_id = %(supplier_id)s AND outage.meter_id = meter.id
          )
          OR EXISTS (
              SELECT FROM charges_charge AS charge
              WHERE charge.supplier_id = %(supplier_id)s AND charge.account_id = meter.account_id
                AND charge.meter_id = meter.id
          )
      )
) AS used
WHERE marked.supplier_id = %(supplier_id)s AND marked.id = used.id
