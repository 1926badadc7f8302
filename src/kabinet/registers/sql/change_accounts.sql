-- Change the accounts of which a register says something otherwise.
UPDATE accounts_account AS account
SET surname = coalesce({surname}, account.surname),
    given_name = coalesce({given_name}, account.given_name),
    patronymic = coalesce({patronymic}, account.patronymic),
    postcode = coalesce(line.postcode, account.postcode),
    locality = coalesce(line.locality, account.locality),
    street_address = coalesce({street_address}, account.street_address),
    flat = coalesce(line.flat, account.flat),
    residents_count = coalesce(line.residents_count, account.residents_count),
    area_m2 = coalesce(line.area_m2, account.area_m2),
    opened_on = coalesce(line.opened_on, account.opened_on),
    closed_on = coalesce(line.closed_on, account.closed_on)
FROM (
    SELECT line.object_id,
           {values}
    FROM registers_registerline AS line
    WHERE line.supplier_id = %(supplier_id)s AND line.register_id = %(register_id)s AND line.outcome = 'changed'
) AS line
WHERE account.supplier_id = %(supplier_id)s AND account.id = line.object_id
