-- What charges do to what their accounts owe; see ledger.operations.post_selected.
SELECT charge.id::text AS source_id, charge.account_id, charge.service_id, charge.amount_rub, charge.period,
       charge.charged_on AS occurred_on,
       CASE WHEN charge.kind = 'benefit' THEN 'benefit' ELSE 'charge' END AS kind,
       CASE WHEN charge.kind = 'benefit' THEN 'benefits'
            WHEN charge.service_id = %(penalty_service_id)s THEN 'penalty_income'
            ELSE 'revenue' END AS own_book
FROM charges_charge AS charge
WHERE charge.supplier_id = %(supplier_id)s AND charge.id = ANY(%(charge_ids)s) AND charge.amount_rub <> 0
