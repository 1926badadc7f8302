-- Refuse new meters whose number an account has already, written otherwise: a zero less, a sign more.
WITH brought AS (
    SELECT line.id, line.account_id, btrim({serial_number}) AS serial_number
    FROM registers_registerline AS line
    WHERE line.supplier_id = %(supplier_id)s AND line.register_id = %(register_id)s AND line.outcome = 'new'
), known AS (
    SELECT meter.account_id, meter.serial_number FROM meters_meter AS meter
    WHERE meter.supplier_id = %(supplier_id)s AND meter.account_id IN (SELECT brought.account_id FROM brought)
    UNION ALL
    SELECT brought.account_id, brought.serial_number FROM brought
)
UPDATE registers_registerline AS refused
SET outcome = 'refused', object_id = NULL, reasons = '["serial_number:written-otherwise"]'
FROM brought
JOIN known ON known.account_id = brought.account_id AND known.serial_number <> brought.serial_number
WHERE refused.supplier_id = %(supplier_id)s AND refused.id = brought.id
  AND ltrim(regexp_replace(upper(known.serial_number), '[^[:alnum:]]', '', 'g'), '0')
    = ltrim(regexp_replace(upper(brought.serial_number), '[^[:alnum:]]', '', 'g'), '0')
