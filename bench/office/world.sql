-- What a supplier's office counts and lists, over the accounts of `bench.search.world`: a scale of each meter with the
-- readings of two windows, four charged months, balances, payments of a year and a trail of the staff. The same world each time.
CREATE TEMP TABLE world_account ON COMMIT DROP AS
SELECT row_number() OVER (ORDER BY account.id) AS n, account.id, meter.id AS meter_id,
       nextval(pg_get_serial_sequence('meters_meterscale', 'id')) AS scale_id,
       nextval(pg_get_serial_sequence('ledger_book', 'id')) AS book_id
FROM accounts_account AS account
JOIN meters_meter AS meter ON meter.supplier_id = account.supplier_id AND meter.account_id = account.id
WHERE account.supplier_id = %(supplier_id)s;
ANALYZE world_account;

INSERT INTO meters_meterscale (id, supplier_id, meter_id, zone, name)
SELECT scale_id, %(supplier_id)s, meter_id, 'T1', '' FROM world_account ORDER BY n;

-- One reading in two hundred waits for a person.
INSERT INTO meters_reading (
    supplier_id, account_id, meter_id, scale_id, value_m3, previous_m3, used_from, volume_m3, taken_on, submitted_at, source,
    status, is_rollover, is_unproven, review_note
)
SELECT %(supplier_id)s, id, meter_id, scale_id, 1000 + 20 * month, NULL, NULL, 0, day, day + interval '9 hours', 'customer',
       CASE WHEN month = 3 AND n %% 200 = 0 THEN 'questionable' ELSE 'accepted' END, FALSE, FALSE, ''
FROM generate_series(0, 3) AS month, world_account,
     LATERAL (SELECT (date '2026-08-20' + month * interval '1 month')::date + (n %% 6)::int AS day) AS taken
WHERE (n + month) %% 10 < 8
ORDER BY month, day, n;

INSERT INTO charges_charge (
    supplier_id, account_id, service_id, period, line_no, kind, volume_m3, price_rub_per_m3, amount_rub, formula, inputs,
    rule_source, settled_rub, charged_on
)
SELECT %(supplier_id)s, id, %(service_id)s, period, 1, 'metered', 50, 9.5, 475, 'расчёт', '{}', 'правила',
       CASE WHEN month = 3 OR n %% 20 = month THEN 0 ELSE 475 END, (period + interval '1 month')::date
FROM generate_series(0, 3) AS month, world_account,
     LATERAL (SELECT (date '2026-07-01' + month * interval '1 month')::date AS period) AS charged
ORDER BY month, n;

INSERT INTO ledger_book (id, supplier_id, kind, account_id, service_id, key)
SELECT book_id, %(supplier_id)s, 'customer', id, %(service_id)s, '' FROM world_account ORDER BY n;

INSERT INTO ledger_bookbalance (supplier_id, book_id, balance_rub)
SELECT %(supplier_id)s, book_id, CASE WHEN n %% 3 = 0 THEN 475 + 475 * (n %% 20 / 17) ELSE -100 * (n %% 2) END
FROM world_account ORDER BY n;

CREATE TEMP TABLE world_payment ON COMMIT DROP AS
SELECT p, nextval(pg_get_serial_sequence('payments_basket', 'id')) AS basket_id,
       nextval(pg_get_serial_sequence('payments_payment', 'id')) AS id, account.id AS account_id, 100 + (p * 7919 %% 900000) / 100.0 AS amount_rub,
       timestamptz '2026-11-22 12:00+03' - (%(payments)s - p) * interval '365 days' / %(payments)s AS created_at,
       CASE WHEN p %% 40 = 0 THEN 'failed' WHEN p > %(payments)s - 200 AND p %% 4 = 0 THEN 'open' ELSE 'paid' END AS state
FROM generate_series(1, %(payments)s::bigint) AS p
JOIN world_account AS account ON account.n = 1 + p * 104729 %% %(accounts)s;

INSERT INTO payments_basket (id, user_id, request_id, created_at)
SELECT basket_id, %(user_id)s, gen_random_uuid(), created_at FROM world_payment ORDER BY p;

INSERT INTO payments_payment (
    id, supplier_id, shop_id, basket_id, position, public_id, mode, method, period, amount_rub, commission_rub, shared_rub, state,
    idempotency_key, request_body, gateway_payment_id, gateway_status, confirmation_url, sbp_link, keeps_method, method_title,
    failure_reason, refunded_rub, alarm, created_at, expires_at, paid_at
)
SELECT id, %(supplier_id)s, %(shop_id)s, basket_id, 0, gen_random_uuid(), 'debt', '', '2026-10-01', amount_rub, 0, amount_rub, state,
       gen_random_uuid(), '', 'gateway-' || p, 'succeeded', '', '', FALSE, 'Карта *4477',
       CASE WHEN state = 'failed' THEN 'expired' ELSE '' END, 0, CASE WHEN p %% 20000 = 7 THEN 'mismatch' ELSE '' END, created_at,
       created_at + interval '1 hour', CASE WHEN state = 'paid' THEN created_at + interval '2 minutes' END
FROM world_payment ORDER BY p;

INSERT INTO payments_paymentshare (supplier_id, payment_id, account_id, service_id, amount_rub, refunded_rub)
SELECT %(supplier_id)s, id, account_id, %(service_id)s, amount_rub, 0 FROM world_payment ORDER BY p;

INSERT INTO audit_entry (at, actor_id, action, subject, supplier_id, details, request_id)
SELECT created_at, CASE WHEN p %% 10 = 0 THEN %(user_id)s END,
       CASE WHEN p %% 100000 = 3 THEN 'staff_role.granted' WHEN p %% 10 = 0 THEN 'account.viewed' ELSE 'payment.started' END,
       CASE WHEN p %% 10 = 0 THEN 'account:' || account_id ELSE 'payment:' || id END, %(supplier_id)s, jsonb_build_object('amount', amount_rub::text), ''
FROM world_payment ORDER BY p
