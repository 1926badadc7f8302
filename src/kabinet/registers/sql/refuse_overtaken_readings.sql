-- Refuse what no longer follows the readings that are known: somebody handed one in after the check.
UPDATE registers_registerline AS refused
SET outcome = 'refused', reasons = '["taken_on:before-last"]', object_id = NULL
FROM (
    SELECT line.id
    FROM (
        SELECT line.id, line.meter_id, {zone_key} AS zone_key,
               {values}
        FROM registers_registerline AS line
        WHERE line.supplier_id = %(supplier_id)s AND line.register_id = %(register_id)s AND line.outcome = 'new'
    ) AS line
    JOIN meters_meterscale AS scale
      ON scale.supplier_id = %(supplier_id)s AND scale.meter_id = line.meter_id AND scale.zone = line.zone_key
    JOIN LATERAL (
        SELECT reading.taken_on, reading.value_m3 FROM meters_reading AS reading
        WHERE reading.supplier_id = %(supplier_id)s AND reading.scale_id = scale.id AND reading.status = 'accepted'
        ORDER BY reading.taken_on DESC, reading.id DESC
        LIMIT 1
    ) AS known ON known.taken_on >= line.taken_on OR known.value_m3 > line.value_m3
) AS overtaken
WHERE refused.supplier_id = %(supplier_id)s AND refused.id = overtaken.id
