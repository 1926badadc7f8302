-- Forget what proved that somebody owns the accounts that go.
DELETE FROM accounts_proofvalue AS proof
USING registers_registerline AS line
WHERE line.supplier_id = %(supplier_id)s AND line.register_id = %(register_id)s AND line.outcome = 'new'
  AND NOT line.is_left AND proof.supplier_id = %(supplier_id)s AND proof.account_id = line.object_id
