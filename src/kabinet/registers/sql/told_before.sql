-- Lines about accounts of which registers before have said what is owed on the same day or a later one. A month that is
-- sent again with its closing balance brings the account to it by itself; what was said on the 22nd of the end of its
-- month knows of no payment of the 25th.
SELECT count(*), coalesce(sum(line.amount_rub - coalesce((line.old ->> 'amount_rub')::numeric, 0)), 0),
       max(said.register_id)
FROM registers_registerline AS line
JOIN (
    SELECT told.account_id, told.service_id, max(told."on") AS day, max(told.register_id) AS register_id,
           max(least(told."on", (register.checked_at AT TIME ZONE %(time_zone)s)::date)) AS known_until
    FROM registers_registerline AS told
    JOIN registers_register AS register
      ON register.supplier_id = %(supplier_id)s AND register.id = told.register_id
    WHERE told.supplier_id = %(supplier_id)s AND told.register_id = ANY(%(said_by)s) AND told.outcome <> 'refused'
      AND told.balance_rub IS NOT NULL
    GROUP BY told.account_id, told.service_id
) AS said
  ON said.account_id = line.account_id AND said.service_id = line.service_id
 AND CASE WHEN %(are_payments)s THEN said.known_until >= line."on"
          ELSE said.day > line."on" OR (said.day = line."on" AND line.balance_rub IS NULL) END
WHERE line.supplier_id = %(supplier_id)s AND line.register_id = %(register_id)s AND line.outcome <> 'refused'
  AND line.payment_id IS NULL AND line.sent_id IS NULL
  AND line.amount_rub IS DISTINCT FROM coalesce((line.old ->> 'amount_rub')::numeric, 0)
