-- Bring accounts to what the supplier says is owed, less what it cannot know yet; remember it as movements. Of a supplier
-- that is billed here it is what they came with, and is charged as it stands.
-- Charges are looked up by their accounts (hence `+ 0`): with the first register of a supplier the planner
-- knows of no charge of it, and would read all that this register has just made for each line.
WITH days AS (
    SELECT DISTINCT line."on" AS day FROM registers_registerline AS line
    WHERE line.supplier_id = %(supplier_id)s AND line.register_id = %(register_id)s AND line.outcome <> 'refused'
      AND line.balance_rub IS NOT NULL
), ours AS (
{ours}
), wanted AS (
    SELECT line.balance_charge_id, line.account_id, line.service_id, line.period, line."on", line.line_no,
           CASE WHEN %(is_billed_here)s THEN line.balance_rub
                ELSE line.balance_rub - coalesce(ours.amount_rub, 0) - coalesce(balance.balance_rub, 0) END AS amount_rub,
           %(is_billed_here)s OR NOT EXISTS (
               SELECT FROM charges_charge AS charge
               WHERE charge.supplier_id + 0 = %(supplier_id)s AND charge.account_id = line.account_id
                 AND charge.service_id + 0 = line.service_id AND charge.id IS DISTINCT FROM line.object_id
           ) AS is_first
    FROM registers_registerline AS line
    LEFT JOIN ours ON ours.account_id = line.account_id AND ours.service_id = line.service_id AND ours.day = line."on"
    LEFT JOIN ledger_book AS book
      ON book.supplier_id = %(supplier_id)s AND book.kind = 'customer' AND book.account_id = line.account_id
     AND book.service_id = line.service_id
    LEFT JOIN ledger_bookbalance AS balance ON balance.supplier_id = %(supplier_id)s AND balance.book_id = book.id
    WHERE line.supplier_id = %(supplier_id)s AND line.register_id = %(register_id)s AND line.outcome <> 'refused'
      AND line.balance_rub IS NOT NULL
), dated AS (
    SELECT wanted.*,
           CASE WHEN is_first THEN 'opening' ELSE 'adjustment' END AS kind,
           CASE WHEN is_first THEN (date_trunc('month', {opening_day}) - interval '1 month')::date
                ELSE period END AS charged_under
    FROM wanted
    WHERE amount_rub <> 0
), charged AS (
    INSERT INTO charges_charge (
        id, supplier_id, account_id, service_id, period, line_no, kind, amount_rub, formula, inputs, rule_source,
        settled_rub, charged_on
    )
    SELECT dated.balance_charge_id, %(supplier_id)s, dated.account_id, dated.service_id, dated.charged_under,
           coalesce(before.last_line_no, 0) + 1, dated.kind, dated.amount_rub, '',
           jsonb_build_object(
               'reason',
               'По данным поставщика на ' || to_char(dated."on", 'DD.MM.YYYY') || ', реестр № ' || %(number)s::integer,
               'register', %(number)s::integer
           ),
           '', 0, least((dated.charged_under + interval '1 month')::date, dated."on", %(today)s)
    FROM dated
    LEFT JOIN LATERAL (
        SELECT max(charge.line_no) AS last_line_no FROM charges_charge AS charge
        WHERE charge.supplier_id + 0 = %(supplier_id)s AND charge.account_id = dated.account_id
          AND charge.service_id + 0 = dated.service_id AND charge.period = dated.charged_under
    ) AS before ON TRUE
    ORDER BY dated.account_id, dated.line_no
    RETURNING id, account_id, service_id, amount_rub, kind, period, charged_on
)
INSERT INTO movement (source_id, account_id, service_id, amount_rub, kind, period, occurred_on)
SELECT id::text, account_id, service_id, amount_rub, kind, period, charged_on FROM charged
