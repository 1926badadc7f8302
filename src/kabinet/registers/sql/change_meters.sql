-- Change the meters of which a register says something otherwise.
UPDATE meters_meter AS meter
SET model_name = coalesce(line.model_name, meter.model_name),
    digits = coalesce(line.digits, meter.digits),
    installed_on = coalesce(line.installed_on, meter.installed_on),
    removed_on = coalesce(line.removed_on, meter.removed_on),
    verification_due_on = coalesce(line.verification_due_on, meter.verification_due_on),
    seal_number = coalesce(line.seal_number, meter.seal_number)
FROM (
    SELECT line.object_id,
           {values}
    FROM registers_registerline AS line
    WHERE line.supplier_id = %(supplier_id)s AND line.register_id = %(register_id)s AND line.outcome = 'changed'
) AS line
WHERE meter.supplier_id = %(supplier_id)s AND meter.id = line.object_id
