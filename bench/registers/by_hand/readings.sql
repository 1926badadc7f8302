-- The peer: a journal and readings with what was used since the one before. No checks.
CREATE TEMP TABLE peer_line ON COMMIT DROP AS
SELECT meter.account_id, meter.id AS meter_id, scale.id AS scale_id, c2::numeric AS value_m3,
       to_date(c3, 'DD.MM.YYYY') AS taken_on, before.value_m3 AS previous_m3, before.taken_on AS previous_on,
       ARRAY[c0, c1, '', c2, c3] AS cells
FROM bench_raw
JOIN meters_meter AS meter ON meter.supplier_id = %(supplier_id)s AND meter.serial_number = c1
JOIN meters_meterscale AS scale ON scale.supplier_id = %(supplier_id)s AND scale.meter_id = meter.id
JOIN meters_reading AS before ON before.supplier_id = %(supplier_id)s AND before.scale_id = scale.id;

INSERT INTO registers_registerline (
    supplier_id, register_id, line_no, outcome, cells, account_id, meter_id, period, "on", is_left
)
SELECT %(supplier_id)s, %(register_id)s, 0, 'new', cells, account_id, meter_id, date_trunc('month', taken_on), taken_on, FALSE
FROM peer_line;

INSERT INTO meters_reading (
    supplier_id, account_id, meter_id, scale_id, value_m3, previous_m3, used_from, volume_m3, taken_on, submitted_at,
    source, status, is_rollover, is_unproven, review_note
)
SELECT %(supplier_id)s, account_id, meter_id, scale_id, value_m3, previous_m3, previous_on + 1, value_m3 - previous_m3,
       taken_on, now(), 'import', 'accepted', FALSE, FALSE, ''
FROM peer_line
