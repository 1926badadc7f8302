-- The peer: new accounts, other surnames, proofs of them, and a journal of both. No checks, no old values.
INSERT INTO registers_registerline (supplier_id, register_id, line_no, outcome, cells, account_id, is_left)
SELECT %(supplier_id)s, %(register_id)s, 0, CASE WHEN account.id IS NULL THEN 'new' ELSE 'changed' END,
       ARRAY[c0, c1, c2, c3, c4, c5, c6, c7], account.id, FALSE
FROM bench_raw
LEFT JOIN accounts_account AS account ON account.supplier_id = %(supplier_id)s AND account.number = c0
WHERE account.surname IS DISTINCT FROM c1;

INSERT INTO accounts_account (
    supplier_id, number, surname, given_name, patronymic, postcode, locality, street_address, flat, usage_purpose_code,
    region_code, created_at
)
SELECT %(supplier_id)s, c0, c1, c2, c3, c4, c5, c6, c7, '', '', now()
FROM bench_raw
WHERE NOT EXISTS (SELECT FROM accounts_account WHERE supplier_id = %(supplier_id)s AND number = c0);

UPDATE accounts_account AS account SET surname = c1
FROM bench_raw
WHERE account.supplier_id = %(supplier_id)s AND account.number = c0 AND account.surname <> c1;

INSERT INTO accounts_proofvalue (supplier_id, account_id, kind, source, value_hash)
SELECT %(supplier_id)s, account.id, 'surname', '', account.surname
FROM registers_registerline AS line
JOIN accounts_account AS account ON account.supplier_id = %(supplier_id)s AND account.number = line.cells[1]
WHERE line.supplier_id = %(supplier_id)s AND line.register_id = %(register_id)s
ON CONFLICT (supplier_id, account_id, kind, source) DO UPDATE SET value_hash = excluded.value_hash
