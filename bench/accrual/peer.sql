-- The peer: one would write this by hand for a bare month of amounts. As many rows as accrual inserts, in the same tables,
-- with the same constraints and indexes: no words, no inputs, no cases, no batches to restart from.
CREATE TEMP TABLE peer_charge AS
SELECT reading.account_id, 'metered' AS kind, %(service_id)s::bigint AS service_id,
       round(reading.volume_m3 * tariff.price_rub_per_m3, 2) AS amount_rub, reading.volume_m3, reading.id AS reading_id
FROM meters_reading AS reading
JOIN tariffs_tariff AS tariff ON tariff.supplier_id = reading.supplier_id
WHERE reading.supplier_id = %(supplier_id)s AND reading.taken_on >= '2026-10-01' AND reading.taken_on < '2026-11-01';

INSERT INTO peer_charge
SELECT id, kind, service_id, 10.00, 10, NULL
FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM accounts_account WHERE supplier_id = %(supplier_id)s) AS account
JOIN unnest(%(kinds)s::text[], %(services)s::bigint[], %(counts)s::int[]) AS extra (kind, service_id, lines) ON n <= lines;

INSERT INTO charges_draftcharge (
    supplier_id, run_id, account_id, service_id, period, line_no, kind, volume_m3, amount_rub, formula, inputs, rule_source
)
SELECT %(supplier_id)s, %(run_id)s, account_id, service_id, '2026-10-01',
       row_number() OVER (PARTITION BY account_id, service_id), kind, volume_m3, amount_rub, '', '{}', ''
FROM peer_charge;

INSERT INTO charges_charge (
    supplier_id, run_id, account_id, service_id, period, line_no, kind, volume_m3, amount_rub, formula, inputs, rule_source,
    reading_id, settled_rub, charged_on
)
SELECT %(supplier_id)s, %(run_id)s, account_id, service_id, '2026-10-01',
       row_number() OVER (PARTITION BY account_id, service_id), kind, volume_m3, amount_rub, '', '{}', '', reading_id, 0,
       '2026-11-01'
FROM peer_charge;

INSERT INTO ledger_book (supplier_id, kind, account_id, service_id, key)
SELECT DISTINCT %(supplier_id)s, 'customer', account_id, service_id, '' FROM peer_charge
ON CONFLICT DO NOTHING;

INSERT INTO ledger_transfer (
    supplier_id, debit_book_id, credit_book_id, amount_rub, kind, period, occurred_on, source_kind, source_id, line_no, posted_at
)
SELECT %(supplier_id)s, book.id, %(revenue_id)s, amount_rub, 'charge', period, charged_on, 'charge', charge.id::text, 1, now()
FROM charges_charge AS charge
JOIN ledger_book AS book USING (supplier_id, account_id, service_id)
WHERE charge.supplier_id = %(supplier_id)s AND charge.run_id = %(run_id)s AND amount_rub > 0;

INSERT INTO ledger_bookbalance AS balance (supplier_id, book_id, balance_rub)
SELECT %(supplier_id)s, debit_book_id, sum(amount_rub) FROM ledger_transfer
WHERE supplier_id = %(supplier_id)s AND period = '2026-10-01' AND kind = 'charge'
GROUP BY debit_book_id
ON CONFLICT (supplier_id, book_id) DO UPDATE SET balance_rub = balance.balance_rub + excluded.balance_rub;

INSERT INTO charges_allocation (supplier_id, transfer_id, charge_id, amount_rub, rule)
SELECT %(supplier_id)s, %(transfer_id)s, id, amount_rub, '' FROM charges_charge
WHERE supplier_id = %(supplier_id)s AND run_id = %(run_id)s AND amount_rub > 0
LIMIT %(allocations)s;

INSERT INTO accounts_proofvalue AS proof (supplier_id, account_id, kind, source, value_hash)
SELECT %(supplier_id)s, account_id, 'last_charge', '', sum(amount_rub)::text FROM peer_charge GROUP BY account_id
ON CONFLICT (supplier_id, account_id, kind, source) DO UPDATE SET value_hash = excluded.value_hash
