-- Install the meters that a register has brought; one of several scales has several lines.
INSERT INTO meters_meter (
    supplier_id, account_id, serial_number, model_name, location, digits, installed_on, removed_on, verification_due_on,
    seal_number, usage_purpose_code, needs_volume_factor
)
SELECT DISTINCT ON (line.account_id, line.serial_number)
       %(supplier_id)s, line.account_id, line.serial_number, coalesce(line.model_name, ''), '', coalesce(line.digits, 5),
       line.installed_on, line.removed_on, line.verification_due_on, coalesce(line.seal_number, ''), '', FALSE
FROM (
    SELECT line.id, line.account_id, line.line_no, line.old, {zone_key} AS zone_key,
           {values}
    FROM registers_registerline AS line
    WHERE line.supplier_id = %(supplier_id)s AND line.register_id = %(register_id)s AND line.outcome = 'new'
) AS line
ORDER BY line.account_id, line.serial_number, line.line_no
