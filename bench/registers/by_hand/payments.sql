-- The peer: a journal, payments, their transfers and balances. No checks, nothing to settle.
CREATE TEMP TABLE peer_line ON COMMIT DROP AS
SELECT account.id AS account_id, replace(c1, ',', '.')::numeric AS amount_rub, c2 AS operation_id,
       to_date(c3, 'DD.MM.YYYY') AS paid_on, c4 AS payer, ARRAY[c0, '', c1, c2, c3, '', c4, ''] AS cells
FROM bench_raw
JOIN accounts_account AS account ON account.supplier_id = %(supplier_id)s AND account.number = c0;

INSERT INTO registers_registerline (
    supplier_id, register_id, line_no, outcome, cells, account_id, service_id, period, "on", amount_rub, is_left
)
SELECT %(supplier_id)s, %(register_id)s, 0, 'new', cells, account_id, %(service_id)s, date_trunc('month', paid_on), paid_on,
       amount_rub, FALSE
FROM peer_line;

INSERT INTO registers_outsidepayment (
    supplier_id, account_id, service_id, register_id, operation_id, amount_rub, paid_on, payer, note
)
SELECT %(supplier_id)s, account_id, %(service_id)s, %(register_id)s, operation_id, amount_rub, paid_on, payer, ''
FROM peer_line;

INSERT INTO ledger_book (supplier_id, kind, account_id, service_id, key)
SELECT %(supplier_id)s, 'customer', account_id, %(service_id)s, '' FROM peer_line;

INSERT INTO ledger_transfer (
    supplier_id, debit_book_id, credit_book_id, amount_rub, kind, period, occurred_on, source_kind, source_id, line_no, posted_at
)
SELECT %(supplier_id)s, %(bank_id)s, book.id, amount_rub, 'payment', date_trunc('month', paid_on), paid_on, 'outside_payment',
       payment.id::text, 1, now()
FROM registers_outsidepayment AS payment
JOIN ledger_book AS book USING (supplier_id, account_id, service_id);

INSERT INTO ledger_bookbalance (supplier_id, book_id, balance_rub)
SELECT %(supplier_id)s, credit_book_id, -sum(amount_rub) FROM ledger_transfer
WHERE supplier_id = %(supplier_id)s
GROUP BY credit_book_id
