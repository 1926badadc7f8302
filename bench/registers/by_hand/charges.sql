-- The peer: a journal, charges, openings for those who owed, their transfers and balances, proofs. No checks, no words.
CREATE TEMP TABLE peer_line ON COMMIT DROP AS
SELECT account.id AS account_id, to_date(c3, 'MM.YYYY') AS period, replace(c4, ',', '.')::numeric AS volume_m3,
       replace(c5, ',', '.')::numeric AS price_rub_per_m3, replace(c6, ',', '.')::numeric AS amount_rub,
       replace(c7, ',', '.')::numeric AS closing_rub, ARRAY[c0, c2, c3, c4, c5, c6, c7] AS cells
FROM bench_raw
JOIN accounts_account AS account ON account.supplier_id = %(supplier_id)s AND account.number = c0;

INSERT INTO registers_registerline (
    supplier_id, register_id, line_no, outcome, cells, account_id, service_id, period, amount_rub, balance_rub, is_left
)
SELECT %(supplier_id)s, %(register_id)s, 0, 'new', cells, account_id, %(service_id)s, period, amount_rub, closing_rub, FALSE
FROM peer_line;

INSERT INTO charges_charge (
    supplier_id, account_id, service_id, period, line_no, kind, volume_m3, price_rub_per_m3, amount_rub, formula, inputs,
    rule_source, settled_rub, charged_on
)
SELECT %(supplier_id)s, account_id, %(service_id)s, period, 1, 'imported', volume_m3, price_rub_per_m3, amount_rub, '',
       '{}'::jsonb, '', 0, '2026-11-01'::date
FROM peer_line
UNION ALL
SELECT %(supplier_id)s, account_id, %(service_id)s, (period - interval '1 month')::date, 1, 'opening', NULL, NULL,
       closing_rub - amount_rub, '', '{}', '', 0, '2026-10-01'
FROM peer_line WHERE closing_rub <> amount_rub;

INSERT INTO ledger_book (supplier_id, kind, account_id, service_id, key)
SELECT %(supplier_id)s, 'customer', account_id, %(service_id)s, '' FROM peer_line;

INSERT INTO ledger_transfer (
    supplier_id, debit_book_id, credit_book_id, amount_rub, kind, period, occurred_on, source_kind, source_id, line_no, posted_at
)
SELECT %(supplier_id)s, book.id, CASE kind_of.kind WHEN 'opening' THEN %(opening_id)s ELSE %(revenue_id)s END, amount_rub,
       kind_of.kind, period, charged_on, 'charge', charge.id::text, 1, now()
FROM charges_charge AS charge
JOIN ledger_book AS book USING (supplier_id, account_id, service_id)
CROSS JOIN LATERAL (SELECT CASE charge.kind WHEN 'opening' THEN 'opening' ELSE 'charge' END AS kind) AS kind_of
WHERE charge.supplier_id = %(supplier_id)s;

INSERT INTO ledger_bookbalance (supplier_id, book_id, balance_rub)
SELECT %(supplier_id)s, debit_book_id, sum(amount_rub) FROM ledger_transfer
WHERE supplier_id = %(supplier_id)s
GROUP BY debit_book_id;

INSERT INTO accounts_proofvalue (supplier_id, account_id, kind, source, value_hash)
SELECT %(supplier_id)s, account_id, 'last_charge', '', encode(sha256(amount_rub::text::bytea), 'hex') FROM peer_line
