-- Money that stands in our ledger, but not in what a supplier says is owed at the end of a day: payments of ours that it
-- has not booked or that came later, and later payments elsewhere.
SELECT account_id, service_id, day, sum(amount_rub) AS amount_rub
FROM (
    SELECT share.account_id, share.service_id, days.day, share.amount_rub - share.refunded_rub AS amount_rub
    FROM payments_payment AS payment
    JOIN payments_paymentshare AS share ON share.supplier_id = %(supplier_id)s AND share.payment_id = payment.id
    JOIN days ON payment.booked_at IS NULL OR (payment.paid_at AT TIME ZONE %(time_zone)s)::date > days.day
    WHERE payment.supplier_id = %(supplier_id)s AND payment.state = 'paid'
    UNION ALL
    SELECT outside.account_id, outside.service_id, days.day, outside.amount_rub
    FROM registers_outsidepayment AS outside
    JOIN days ON outside.paid_on > days.day
    WHERE outside.supplier_id = %(supplier_id)s AND outside.undone_at IS NULL
) AS later
GROUP BY account_id, service_id, day
