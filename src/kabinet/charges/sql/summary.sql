-- What the lines of a batch come to, by service and kind.
SELECT coalesce(jsonb_agg(to_jsonb(total) ORDER BY service_id, kind), '[]')
FROM (
    SELECT service_id, kind, count(*) AS lines, coalesce(sum(volume_m3), 0)::text AS volume_m3,
           sum(amount_rub)::text AS amount_rub
    FROM charges_draftcharge
    WHERE supplier_id = %(supplier_id)s AND run_id = %(run_id)s AND account_id BETWEEN %(first)s AND %(last)s
    GROUP BY service_id, kind
) AS total
