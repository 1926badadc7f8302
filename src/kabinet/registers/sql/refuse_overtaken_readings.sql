-- Refuse what no longer follows what is known: somebody handed a reading in, took the meter away or closed the account
-- after the check.
UPDATE registers_registerline AS refused
SET outcome = 'refused', reasons = jsonb_build_array(overtaken.reason), object_id = NULL
FROM (
    SELECT line.id,
           CASE WHEN line.taken_on >= account.closed_on THEN 'taken_on:account-closed'
                WHEN line.taken_on > meter.removed_on THEN 'taken_on:meter-removed'
                WHEN known.taken_on >= line.taken_on OR known.value_m3 > line.value_m3 THEN 'taken_on:before-last' END
               AS reason
    FROM (
        SELECT line.id, line.account_id, line.meter_id, {zone_key} AS zone_key,
               {values}
        FROM registers_registerline AS line
        WHERE line.supplier_id = %(supplier_id)s AND line.register_id = %(register_id)s AND line.outcome = 'new'
    ) AS line
    JOIN accounts_account AS account ON account.supplier_id = %(supplier_id)s AND account.id = line.account_id
    JOIN meters_meter AS meter ON meter.supplier_id = %(supplier_id)s AND meter.id = line.meter_id
    JOIN meters_meterscale AS scale
      ON scale.supplier_id = %(supplier_id)s AND scale.meter_id = line.meter_id AND scale.zone = line.zone_key
    LEFT JOIN LATERAL (
        SELECT reading.taken_on, reading.value_m3 FROM meters_reading AS reading
        WHERE reading.supplier_id = %(supplier_id)s AND reading.scale_id = scale.id AND reading.status = 'accepted'
        ORDER BY reading.taken_on DESC, reading.id DESC
        LIMIT 1
    ) AS known ON TRUE
) AS overtaken
WHERE refused.supplier_id = %(supplier_id)s AND refused.id = overtaken.id AND overtaken.reason IS NOT NULL
