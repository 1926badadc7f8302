-- Write the payments that a supplier took elsewhere.
INSERT INTO registers_outsidepayment (
    id, supplier_id, account_id, service_id, register_id, operation_id, amount_rub, paid_on, payer, note
)
SELECT line.object_id, %(supplier_id)s, line.account_id, line.service_id, %(register_id)s, line.operation_id,
       line.amount_rub, line.paid_on, coalesce(line.payer, ''), coalesce(line.note, '')
FROM (
    SELECT line.object_id, line.account_id, line.service_id, line.line_no,
           {values}
    FROM registers_registerline AS line
    WHERE line.supplier_id = %(supplier_id)s AND line.register_id = %(register_id)s AND line.outcome = 'new'
      AND line.payment_id IS NULL AND line.sent_id IS NULL
) AS line
ORDER BY line.line_no
