-- Keep the payers' surnames as proofs of ownership, as they are now; see accounts.rules.canonical_proof. Whoever has
-- none now is proven by none.
WITH person AS (
    SELECT account.id,
           replace(regexp_replace(lower(normalize(account.surname, NFKC)), '[^[:alpha:]]', '', 'g'), 'ё', 'е')
               AS letters
    FROM accounts_account AS account
    JOIN registers_registerline AS line
      ON line.supplier_id = %(supplier_id)s AND line.register_id = %(register_id)s AND line.object_id = account.id
     AND (line.outcome = 'new' OR line.old ? 'surname')
    WHERE account.supplier_id = %(supplier_id)s
), gone AS (
    DELETE FROM accounts_proofvalue AS proof
    USING person
    WHERE proof.supplier_id = %(supplier_id)s AND proof.account_id = person.id AND proof.kind = 'surname'
      AND person.letters = ''
)
INSERT INTO accounts_proofvalue (supplier_id, account_id, kind, source, value_hash)
SELECT %(supplier_id)s, person.id, 'surname', '',
       encode(sha256(convert_to(
           %(supplier_id)s::bigint || ':' || person.id || ':surname:' || person.letters, 'UTF8'
       )), 'hex')
FROM person
WHERE person.letters <> ''
ORDER BY person.id
ON CONFLICT (supplier_id, account_id, kind, source) DO UPDATE SET value_hash = excluded.value_hash
