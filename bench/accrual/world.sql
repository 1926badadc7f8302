-- Metered accounts with readings of four months, of which a few percent are silent, have a benefit, owe or have paid in
-- advance; August and September are charged and, by most, paid. Every number follows from the account's place.
CREATE TEMP TABLE world_account ON COMMIT DROP AS
SELECT n, nextval(pg_get_serial_sequence('accounts_account', 'id')) AS id,
       nextval(pg_get_serial_sequence('meters_meter', 'id')) AS meter_id,
       nextval(pg_get_serial_sequence('meters_meterscale', 'id')) AS scale_id,
       nextval(pg_get_serial_sequence('ledger_book', 'id')) AS book_id,
       n %% 33 = 0 AS is_silent, n %% 25 = 1 AS has_benefit, n %% 33 = 2 AS is_overdue, n %% 20 = 3 AS has_advance
FROM generate_series(1, %(accounts)s::bigint) AS n;
ANALYZE world_account;

INSERT INTO accounts_account (
    id, supplier_id, number, surname, given_name, patronymic, postcode, locality, street_address, flat, residents_count,
    usage_purpose_code, region_code, created_at
)
SELECT id, %(supplier_id)s, lpad(n::text, 9, '0'), 'Иванов', 'Иван', 'Иванович', '190000', 'Санкт-Петербург', 'Садовая, 1',
       n::text, 1 + n %% 4, 'cooking', 'spb', now()
FROM world_account;

INSERT INTO meters_meter (
    id, supplier_id, account_id, serial_number, model_name, location, digits, seal_number, usage_purpose_code,
    needs_volume_factor
)
SELECT meter_id, %(supplier_id)s, id, lpad((n * 7919 %% 100000000)::text, 8, '0'), 'ВК-G4', '', 5, '', '', FALSE
FROM world_account;

INSERT INTO meters_meterscale (id, supplier_id, meter_id, zone, name)
SELECT scale_id, %(supplier_id)s, meter_id, 'T1', '' FROM world_account;

CREATE TEMP TABLE world_reading ON COMMIT DROP AS
SELECT nextval(pg_get_serial_sequence('meters_reading', 'id')) AS reading_id, account.*, month,
       (month + 20 + (n %% 8)::int)::date AS taken_on,
       CASE WHEN k > 0 THEN (month - interval '1 month')::date + 21 + (n %% 8)::int END AS used_from,
       1000 + k * (15 + n %% 30) AS value_m3, 15 + n %% 30 AS used_m3, k
FROM world_account AS account
CROSS JOIN LATERAL (SELECT k, (date '2026-07-01' + k * interval '1 month')::date AS month FROM generate_series(0, 3) AS k) AS months
WHERE NOT (is_silent AND k = 3);

INSERT INTO meters_reading (
    id, supplier_id, account_id, meter_id, scale_id, value_m3, previous_m3, used_from, volume_m3, taken_on, submitted_at,
    source, status, is_rollover, is_unproven, review_note
)
SELECT reading_id, %(supplier_id)s, id, meter_id, scale_id, value_m3, CASE WHEN k > 0 THEN value_m3 - used_m3 END, used_from,
       CASE WHEN k > 0 THEN used_m3 ELSE 0 END, taken_on, taken_on, CASE WHEN k > 0 THEN 'customer' ELSE 'opening' END,
       'accepted', FALSE, FALSE, ''
FROM world_reading ORDER BY taken_on, id;

INSERT INTO tariffs_benefitgrant (supplier_id, account_id, benefit_id, valid_from, document, set_at)
SELECT %(supplier_id)s, id, %(benefit_id)s, '2026-10-01', '', '2026-10-01' FROM world_account WHERE has_benefit;

-- August and September: charged, posted, and paid unless they are owed.
CREATE TEMP TABLE world_charge ON COMMIT DROP AS
SELECT nextval(pg_get_serial_sequence('charges_charge', 'id')) AS id,
       nextval(pg_get_serial_sequence('ledger_transfer', 'id')) AS transfer_id,
       nextval(pg_get_serial_sequence('ledger_transfer', 'id')) AS payment_id,
       reading_id, reading.id AS account_id, book_id, meter_id, scale_id, month, used_from, taken_on, used_m3,
       round(used_m3 * %(price)s, 2) AS amount_rub, is_overdue, CASE WHEN has_advance AND month = '2026-09-01' THEN 1000 ELSE 0 END AS advance_rub
FROM world_reading AS reading
WHERE month IN ('2026-08-01', '2026-09-01');
ANALYZE world_charge;

INSERT INTO charges_charge (
    id, supplier_id, account_id, service_id, period, line_no, kind, volume_m3, price_rub_per_m3, amount_rub, formula, inputs,
    rule_source, meter_id, scale_id, reading_id, used_since, used_until, settled_rub, charged_on
)
SELECT id, %(supplier_id)s, account_id, %(service_id)s, month, 1, 'metered', used_m3, %(price)s, amount_rub, 'расчёт', '{}',
       'правила', meter_id, scale_id, reading_id, used_from, taken_on + 1, CASE WHEN is_overdue THEN 0 ELSE amount_rub END,
       (month + interval '1 month')::date
FROM world_charge ORDER BY month, account_id;

INSERT INTO ledger_book (id, supplier_id, kind, account_id, service_id, key)
SELECT book_id, %(supplier_id)s, 'customer', id, %(service_id)s, '' FROM world_account;

INSERT INTO ledger_transfer (
    id, supplier_id, debit_book_id, credit_book_id, amount_rub, kind, period, occurred_on, source_kind, source_id, line_no,
    posted_at
)
SELECT transfer_id, %(supplier_id)s, book_id, %(revenue_id)s, amount_rub, 'charge', month, (month + interval '1 month')::date,
       'charge', id::text, 1, (month + interval '1 month')::date
FROM world_charge
UNION ALL
SELECT payment_id, %(supplier_id)s, %(bank_id)s, book_id, amount_rub + advance_rub, 'payment',
       (month + interval '1 month')::date, (month + interval '1 month 7 days')::date, 'bank_payment', id::text, 1,
       month + interval '1 month 7 days'
FROM world_charge WHERE NOT is_overdue;

INSERT INTO charges_allocation (supplier_id, transfer_id, charge_id, amount_rub, rule)
SELECT %(supplier_id)s, payment_id, id, amount_rub, 'oldest-first' FROM world_charge WHERE NOT is_overdue;

INSERT INTO ledger_bookbalance (supplier_id, book_id, balance_rub)
SELECT %(supplier_id)s, book_id, sum(CASE WHEN is_overdue THEN amount_rub ELSE -advance_rub END) FROM world_charge GROUP BY book_id;

INSERT INTO accounts_proofvalue (supplier_id, account_id, kind, source, value_hash)
SELECT %(supplier_id)s, id, 'last_charge', '', encode(sha256(id::text::bytea), 'hex') FROM world_account;
