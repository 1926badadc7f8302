-- What an owner is expected to know, where the supplier asks for it: kabinet.accounts.rules.proof_hash as SQL.
INSERT INTO accounts_proofvalue (supplier_id, account_id, kind, source, value_hash)
SELECT %(supplier_id)s, account_id, %(proof)s, source,
       encode(sha256(convert_to(concat_ws(':', %(supplier_id)s::text, account_id::text, %(proof)s, canonical), 'UTF8')), 'hex')
FROM (
    SELECT account_id, id::text AS source, right(upper(serial_number), 5) AS canonical
    FROM world_meter WHERE %(proof)s = 'meter_serial'
    UNION ALL
    SELECT id, '', translate(lower(surname), 'ё- ', 'е') FROM world_account WHERE %(proof)s = 'surname'
    UNION ALL
    SELECT account_id, '', sum(amount_rub)::text
    FROM world_charge
    JOIN (SELECT account_id, max(period) AS period FROM world_charge GROUP BY 1) AS last USING (account_id, period)
    WHERE %(proof)s = 'last_charge'
    GROUP BY account_id
) AS known;
