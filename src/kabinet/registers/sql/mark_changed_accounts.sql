-- Mark the lines whose accounts somebody has changed again since.
UPDATE registers_registerline AS marked SET is_left = TRUE
FROM (
    SELECT line.id
    FROM (
        SELECT line.*, {surname} AS new_surname, {given_name} AS new_given_name, {patronymic} AS new_patronymic,
               {street_address} AS new_street_address, {usage_purpose} AS new_usage_purpose_code
        FROM (
            SELECT line.id, line.object_id, line.old,
                   {values}
            FROM registers_registerline AS line
            WHERE line.supplier_id = %(supplier_id)s AND line.register_id = %(register_id)s
              AND line.outcome = 'changed'
        ) AS line
    ) AS line
    JOIN accounts_account AS account ON account.supplier_id = %(supplier_id)s AND account.id = line.object_id
    WHERE {is_other}
) AS other
WHERE marked.supplier_id = %(supplier_id)s AND marked.id = other.id
