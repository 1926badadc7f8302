-- The books: what was charged, what was paid, which payment settled which charge, and what is owed.
CREATE TEMP TABLE world_book ON COMMIT DROP AS
SELECT nextval(pg_get_serial_sequence('ledger_book', 'id')) AS id, account_id, service_id
FROM (SELECT DISTINCT account_id, service_id FROM world_charge) AS charged
ORDER BY account_id, service_id;

ANALYZE world_book;

CREATE INDEX ON world_book (account_id, service_id);

INSERT INTO ledger_book (id, supplier_id, kind, account_id, service_id, key)
SELECT id, %(supplier_id)s, 'customer', account_id, service_id, '' FROM world_book;

INSERT INTO ledger_transfer (
    supplier_id, debit_book_id, credit_book_id, amount_rub, kind, period, occurred_on, source_kind, source_id, line_no, posted_at
)
SELECT %(supplier_id)s, book.id, %(revenue_book_id)s, amount_rub, 'charge', period, charged_on, 'charge', charge.id::text, 1,
       charged_on + time '03:00' AT TIME ZONE %(time_zone)s
FROM world_charge AS charge JOIN world_book AS book USING (account_id, service_id)
WHERE amount_rub > 0
ORDER BY charged_on, account_id, service_id, charge.line_no;

-- Those who have a cabinet paid in it; everybody else at a bank.
CREATE TEMP TABLE world_transfer ON COMMIT DROP AS
SELECT nextval(pg_get_serial_sequence('ledger_transfer', 'id')) AS id, share.*, book.id AS book_id, online.public_id
FROM world_share AS share
JOIN world_book AS book USING (account_id, service_id)
LEFT JOIN world_online AS online USING (account_id, period)
ORDER BY paid_on, account_id, share.line_no;

ANALYZE world_transfer;

INSERT INTO ledger_transfer (
    id, supplier_id, debit_book_id, credit_book_id, amount_rub, kind, period, occurred_on, source_kind, source_id, line_no, posted_at
)
SELECT id, %(supplier_id)s, CASE WHEN public_id IS NULL THEN %(bank_book_id)s ELSE %(clearing_book_id)s END, book_id, amount_rub,
       'payment', date_trunc('month', paid_on)::date, paid_on,
       CASE WHEN public_id IS NULL THEN 'bank_payment' ELSE 'payment' END,
       coalesce(public_id, account_id || '-' || to_char(period, 'YYYY-MM')), line_no, paid_on + time '15:00' AT TIME ZONE %(time_zone)s
FROM world_transfer;

INSERT INTO charges_allocation (supplier_id, transfer_id, charge_id, amount_rub, rule)
SELECT %(supplier_id)s, transfer.id, charge.id, charge.amount_rub, 'oldest-first'
FROM world_transfer AS transfer JOIN world_charge AS charge USING (account_id, period, service_id)
WHERE charge.amount_rub > 0;

INSERT INTO ledger_bookbalance (supplier_id, book_id, balance_rub)
SELECT %(supplier_id)s, book.id, charged.amount_rub - coalesce(paid.amount_rub, 0)
FROM world_book AS book
JOIN (SELECT account_id, service_id, sum(amount_rub) AS amount_rub FROM world_charge GROUP BY 1, 2) AS charged
  USING (account_id, service_id)
LEFT JOIN (SELECT account_id, service_id, sum(amount_rub) AS amount_rub FROM world_share GROUP BY 1, 2) AS paid
  USING (account_id, service_id);
