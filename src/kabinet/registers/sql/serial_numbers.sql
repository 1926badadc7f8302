-- Keep serial numbers as proofs of ownership; see accounts.rules.canonical_proof.
INSERT INTO accounts_proofvalue (supplier_id, account_id, kind, source, value_hash)
SELECT %(supplier_id)s, serial.account_id, 'meter_serial', serial.meter_id::text,
       encode(sha256(convert_to(
           %(supplier_id)s::bigint || ':' || serial.account_id || ':meter_serial:' || serial.signs, 'UTF8'
       )), 'hex')
FROM (
    SELECT DISTINCT meter.account_id, meter.id AS meter_id,
           right(upper(regexp_replace(normalize(meter.serial_number, NFKC), '[^[:alnum:]]', '', 'g')), 5) AS signs
    FROM (
    SELECT line.id, line.account_id, line.line_no, line.old, {zone_key} AS zone_key,
           {values}
    FROM registers_registerline AS line
    WHERE line.supplier_id = %(supplier_id)s AND line.register_id = %(register_id)s AND line.outcome = 'new'
) AS line
    JOIN meters_meter AS meter
      ON meter.supplier_id = %(supplier_id)s AND meter.account_id = line.account_id
     AND meter.serial_number = line.serial_number
) AS serial
WHERE serial.signs <> ''
ON CONFLICT (supplier_id, account_id, kind, source) DO UPDATE SET value_hash = excluded.value_hash
