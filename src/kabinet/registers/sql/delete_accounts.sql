-- Delete the accounts that a register has brought and nobody uses.
DELETE FROM accounts_account AS account
USING registers_registerline AS line
WHERE line.supplier_id = %(supplier_id)s AND line.register_id = %(register_id)s AND line.outcome = 'new'
  AND NOT line.is_left AND account.supplier_id = %(supplier_id)s AND account.id = line.object_id
