-- Put back what the lines of a register have replaced.
UPDATE accounts_account AS account
SET {restored}
FROM registers_registerline AS line
WHERE line.supplier_id = %(supplier_id)s AND line.register_id = %(register_id)s AND line.outcome = 'changed'
  AND NOT line.is_left AND account.supplier_id = %(supplier_id)s AND account.id = line.object_id
