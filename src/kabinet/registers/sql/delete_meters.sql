-- Delete the meters that a register has brought and nobody has used.
DELETE FROM meters_meter AS gone
USING (
    SELECT DISTINCT meter.id, meter.account_id
    FROM registers_registerline AS line
    JOIN meters_meter AS meter
      ON meter.supplier_id = %(supplier_id)s AND meter.account_id = line.account_id
     AND meter.serial_number = btrim(line.cells[2])
    WHERE line.supplier_id = %(supplier_id)s AND line.register_id = %(register_id)s AND line.outcome = 'new'
      AND NOT line.is_left
) AS meter
WHERE gone.supplier_id = %(supplier_id)s AND gone.id = meter.id
