-- Change the accounts of which a register says something otherwise: what people were shown, and nothing else.
UPDATE accounts_account AS account
SET {assignments}
FROM (
    SELECT line.object_id, line.old, {surname} AS new_surname, {given_name} AS new_given_name,
           {patronymic} AS new_patronymic, {street_address} AS new_street_address, line.postcode, line.locality,
           line.flat, line.residents_count, line.area_m2, line.opened_on, line.closed_on,
           {usage_purpose} AS new_usage_purpose_code, line.region_code
    FROM (
        SELECT line.object_id, line.old,
               {values}
        FROM registers_registerline AS line
        WHERE line.supplier_id = %(supplier_id)s AND line.register_id = %(register_id)s AND line.outcome = 'changed'
    ) AS line
) AS line
WHERE account.supplier_id = %(supplier_id)s AND account.id = line.object_id
