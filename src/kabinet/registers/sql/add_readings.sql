-- Record readings with what was used since the one before, be it known or a line of the same file.
INSERT INTO meters_reading (
    id, supplier_id, account_id, meter_id, scale_id, value_m3, previous_m3, used_from, volume_m3, taken_on, submitted_at,
    source, status, is_rollover, is_unproven, review_note
)
SELECT object_id, %(supplier_id)s, account_id, meter_id, scale_id, value_m3, previous_m3, previous_on + 1,
       coalesce(value_m3 - previous_m3, 0), taken_on, %(now)s, 'import', 'accepted', FALSE, FALSE, ''
FROM (
    SELECT line.*, scale.id AS scale_id,
           coalesce(lag(line.value_m3) OVER of_scale, known.value_m3) AS previous_m3,
           coalesce(lag(line.taken_on) OVER of_scale, known.taken_on) AS previous_on
    FROM (
        SELECT line.object_id, line.account_id, line.meter_id, line.line_no, {zone_key} AS zone_key,
               {values}
        FROM registers_registerline AS line
        WHERE line.supplier_id = %(supplier_id)s AND line.register_id = %(register_id)s AND line.outcome = 'new'
    ) AS line
    JOIN meters_meterscale AS scale
      ON scale.supplier_id = %(supplier_id)s AND scale.meter_id = line.meter_id AND scale.zone = line.zone_key
    LEFT JOIN LATERAL (
        SELECT reading.taken_on, reading.value_m3 FROM meters_reading AS reading
        WHERE reading.supplier_id = %(supplier_id)s AND reading.scale_id = scale.id AND reading.status = 'accepted'
        ORDER BY reading.taken_on DESC, reading.id DESC
        LIMIT 1
    ) AS known ON TRUE
    WINDOW of_scale AS (PARTITION BY scale.id ORDER BY line.taken_on, line.line_no)
) AS line
ORDER BY line.line_no
