-- Make the accounts that a register has brought.
INSERT INTO accounts_account (
    id, supplier_id, number, opened_on, closed_on, surname, given_name, patronymic, postcode, locality, street_address,
    flat, residents_count, area_m2, usage_purpose_code, region_code, created_at
)
SELECT line.object_id, %(supplier_id)s, line.number_key, line.opened_on, line.closed_on,
       coalesce({surname}, ''), coalesce({given_name}, ''), coalesce({patronymic}, ''), coalesce(line.postcode, ''),
       coalesce(line.locality, ''), coalesce({street_address}, ''), coalesce(line.flat, ''), line.residents_count,
       line.area_m2, coalesce({usage_purpose}, ''), coalesce(line.region_code, ''), %(now)s
FROM (
    SELECT line.object_id, line.line_no, {number_key} AS number_key,
           {values}
    FROM registers_registerline AS line
    WHERE line.supplier_id = %(supplier_id)s AND line.register_id = %(register_id)s AND line.outcome = 'new'
) AS line
ORDER BY line.line_no
