-- Change the meters of which a register says something otherwise: what people were shown, and nothing else.
UPDATE meters_meter AS meter
SET {assignments}
FROM (
    SELECT line.object_id, line.old,
           {values}
    FROM registers_registerline AS line
    WHERE line.supplier_id = %(supplier_id)s AND line.register_id = %(register_id)s AND line.outcome = 'changed'
) AS line
WHERE meter.supplier_id = %(supplier_id)s AND meter.id = line.object_id
