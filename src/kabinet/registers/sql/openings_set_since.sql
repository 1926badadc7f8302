-- Count lines about accounts that have got an opening balance since the check, by a person.
SELECT count(*)
FROM registers_registerline AS line
CROSS JOIN LATERAL (
{opening}
) AS opening
WHERE line.supplier_id = %(supplier_id)s AND line.register_id = %(register_id)s AND line.outcome <> 'refused'
