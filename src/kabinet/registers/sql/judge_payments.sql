-- Payments made elsewhere, each operation once; and lines that say that a payment of ours is on the supplier's books.
WITH line AS MATERIALIZED (
    SELECT read.*, {problems} AS problems
    FROM (
        SELECT staged.line_no, {cells} AS cells, {number_key} AS number_key, {service_key} AS service_key,
               CASE WHEN pg_input_is_valid(btrim({our_payment_id}), 'uuid')
                    THEN nullif(btrim({our_payment_id}), '')::uuid END AS our_public_id,
               {values}
        FROM {staged}
        OFFSET 0  -- and each cell is read once, however often it is named
    ) AS read
), repeated AS (
    SELECT operation_id, number_key, service_key
    FROM line
    GROUP BY operation_id, number_key, service_key
    HAVING count(*) > 1
), ours AS (
    SELECT our_public_id, sum(amount_rub) AS amount_rub
    FROM line
    WHERE our_public_id IS NOT NULL AND amount_rub > 0
    GROUP BY our_public_id
), others AS (  -- what went back of a payment, or came out of suspense: known by two numbers, as it left
    SELECT sent.id, sent.our_number, sent.operation_id, sent.acknowledged_at, line.amount_rub,
           has_left.amount_rub AS left_rub, has_left.account_ids
    FROM (
        SELECT our_public_id, operation_id, sum(amount_rub) AS amount_rub
        FROM line
        WHERE our_public_id IS NOT NULL
        GROUP BY our_public_id, operation_id
    ) AS line
    JOIN registers_sentdocument AS sent
      ON sent.supplier_id = %(supplier_id)s AND sent.our_number = line.our_public_id
     AND sent.operation_id = line.operation_id AND sent.released_at IS NULL
    CROSS JOIN LATERAL (
        SELECT array_agg(book.account_id) AS account_ids,
               sum(CASE transfer.credit_book_id WHEN book.id THEN transfer.amount_rub ELSE -transfer.amount_rub END)
                   AS amount_rub
        FROM ledger_transfer AS transfer
        JOIN ledger_book AS book
          ON book.supplier_id = %(supplier_id)s AND book.id IN (transfer.debit_book_id, transfer.credit_book_id)
         AND book.kind = 'customer'
        WHERE transfer.supplier_id = %(supplier_id)s AND transfer.source_kind = sent.source_kind
          AND transfer.source_id = sent.source_id
    ) AS has_left
), found AS (
    SELECT line.*, account.id AS account_id, service.id AS service_id, payment.id AS our_payment_number,
           payment.booked_at, other.id AS sent_id, other.acknowledged_at,
           known.amount_rub AS known_rub, known.paid_on AS known_on,
           CASE WHEN account.id IS NULL THEN 'number:unknown' END AS account_problem,
           CASE WHEN line.our_payment_id IS NULL AND service.id IS NULL THEN 'service_code:unknown' END
               AS service_problem,
           CASE WHEN repeated.number_key IS NOT NULL THEN 'operation_id:repeated' END AS repeat_problem,
           CASE WHEN line.amount_rub < 0 AND other.id IS NULL THEN 'amount_rub:below-zero'
                WHEN line.amount_rub = 0 THEN 'amount_rub:zero' END AS sum_problem,
           CASE WHEN line.paid_on > %(today)s THEN 'paid_on:future' END AS day_problem,
           CASE WHEN account.id <> ALL (other.account_ids) THEN 'number:paid-for-another'
                WHEN other.amount_rub <> other.left_rub THEN 'amount_rub:not-as-paid'
                WHEN other.id IS NULL AND line.our_payment_id IS NOT NULL AND payment.id IS NULL
                    THEN 'our_payment_id:unknown'
                WHEN payment.shared_rub <> ours.amount_rub THEN 'amount_rub:not-as-paid'
                WHEN account.id IS NOT NULL AND NOT EXISTS (
                    SELECT FROM payments_paymentshare AS share
                    WHERE share.supplier_id = %(supplier_id)s AND share.payment_id = payment.id
                      AND share.account_id = account.id
                ) AND payment.id IS NOT NULL THEN 'number:paid-for-another' END AS our_problem,
           CASE WHEN line.our_payment_id IS NULL AND (known.amount_rub, known.paid_on) <> (line.amount_rub, line.paid_on)
                THEN 'operation_id:known-otherwise'
                WHEN line.our_payment_id IS NULL AND EXISTS (
                    SELECT FROM payments_payment AS taken
                    WHERE taken.supplier_id = %(supplier_id)s AND taken.shop_id = ANY(%(shop_ids)s)
                      AND taken.gateway_payment_id = line.operation_id AND taken.gateway_payment_id <> ''
                      AND taken.state = 'paid'
                ) THEN 'operation_id:ours'
                WHEN line.our_payment_id IS NULL AND EXISTS (  -- our own statement for 1C, which names it there
                    SELECT FROM payments_payment AS taken
                    WHERE taken.supplier_id = %(supplier_id)s AND taken.state = 'paid' AND taken.public_id = substring(
                        lower(line.note) FROM '[0-9a-f]{{8}}-[0-9a-f]{{4}}-[0-9a-f]{{4}}-[0-9a-f]{{4}}-[0-9a-f]{{12}}'
                    )::uuid
                ) THEN 'operation_id:ours'
                -- a file that was put right says it of another account; a part that was refused then may come now
                WHEN line.our_payment_id IS NULL AND known.id IS NULL AND EXISTS (
                    SELECT FROM registers_outsidepayment AS other
                    WHERE other.supplier_id = %(supplier_id)s AND other.operation_id = line.operation_id
                      AND other.undone_at IS NULL AND other.amount_rub = line.amount_rub
                      -- equal, said so that the planner looks each line up instead of hashing all that was ever paid
                      AND other.paid_on BETWEEN line.paid_on AND line.paid_on
                      -- no part of it was refused there: these are read once and hashed, not anew for each line
                      AND (other.register_id, other.operation_id::text) NOT IN (
                          SELECT refused.register_id, btrim({kept_operation_id})
                          FROM registers_registerline AS refused
                          JOIN registers_register AS brought
                            ON brought.supplier_id = %(supplier_id)s AND brought.id = refused.register_id
                           AND brought.kind = 'payments'
                          WHERE refused.supplier_id = %(supplier_id)s AND refused.outcome = 'refused'
                            AND {kept_operation_id} IS NOT NULL
                      )
                ) THEN 'operation_id:known-elsewhere' END AS known_problem
    FROM line
    LEFT JOIN accounts_account AS account
      ON account.supplier_id = %(supplier_id)s AND account.number = line.number_key
    LEFT JOIN unnest(%(service_keys)s::text[], %(service_ids)s::bigint[]) AS service (key, id)
      ON service.key = line.service_key
    LEFT JOIN repeated
      ON repeated.operation_id = line.operation_id AND repeated.number_key = line.number_key
     AND repeated.service_key = line.service_key
    LEFT JOIN others AS other ON other.our_number = line.our_public_id AND other.operation_id = line.operation_id
    LEFT JOIN payments_payment AS payment
      ON payment.supplier_id = %(supplier_id)s AND payment.public_id = line.our_public_id AND payment.state = 'paid'
     AND other.id IS NULL
    LEFT JOIN ours ON ours.our_public_id = line.our_public_id
    LEFT JOIN registers_outsidepayment AS known
      ON known.supplier_id = %(supplier_id)s AND known.operation_id = line.operation_id
     AND known.account_id = account.id AND known.service_id = service.id AND known.undone_at IS NULL
)
SELECT line_no, cells, account_id, service_id, NULL::bigint AS meter_id, date_trunc('month', paid_on)::date AS period,
       paid_on AS "on", amount_rub, NULL::numeric AS balance_rub, our_payment_number AS payment_id, sent_id,
       NULL::jsonb AS old, reasons,
       CASE WHEN reasons IS NOT NULL THEN 'refused'
            WHEN booked_at IS NOT NULL OR acknowledged_at IS NOT NULL
              OR (our_payment_number IS NULL AND sent_id IS NULL AND known_rub IS NOT NULL) THEN 'unchanged'
            ELSE 'new' END AS outcome
FROM (
    SELECT found.*,
           CASE WHEN problems IS NOT NULL OR account_problem IS NOT NULL OR service_problem IS NOT NULL
                  OR repeat_problem IS NOT NULL OR sum_problem IS NOT NULL OR day_problem IS NOT NULL
                  OR our_problem IS NOT NULL OR known_problem IS NOT NULL
                THEN problems || array_remove(
                    ARRAY[CASE WHEN number_key IS NOT NULL THEN account_problem END, service_problem, repeat_problem,
                          sum_problem, day_problem, our_problem, known_problem], NULL) END AS reasons
    FROM found
    OFFSET 0  -- and each reason is found once
) AS found
