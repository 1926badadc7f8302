-- What a line replaces is what stands there when it is applied: somebody may have changed it since the check.
UPDATE registers_registerline AS line SET old = stands.old
FROM (
    SELECT line.id, jsonb_strip_nulls(jsonb_build_object({stands})) AS old
    FROM registers_registerline AS line
    JOIN meters_meter AS meter ON meter.supplier_id = %(supplier_id)s AND meter.id = line.object_id
    WHERE line.supplier_id = %(supplier_id)s AND line.register_id = %(register_id)s AND line.outcome = 'changed'
) AS stands
WHERE line.supplier_id = %(supplier_id)s AND line.id = stands.id AND line.old <> stands.old
