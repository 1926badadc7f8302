-- Mark the lines whose meters somebody has changed again since.
UPDATE registers_registerline AS marked SET is_left = TRUE
FROM (
    SELECT line.id
    FROM (
        SELECT line.id, line.object_id, line.old,
               {values}
        FROM registers_registerline AS line
        WHERE line.supplier_id = %(supplier_id)s AND line.register_id = %(register_id)s AND line.outcome = 'changed'
    ) AS line
    JOIN meters_meter AS meter ON meter.supplier_id = %(supplier_id)s AND meter.id = line.object_id
    WHERE {is_other}
) AS other
WHERE marked.supplier_id = %(supplier_id)s AND marked.id = other.id
