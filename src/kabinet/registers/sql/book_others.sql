-- Note what went back of payments of ours, or came out of suspense, and is on a supplier's books.
UPDATE registers_sentdocument AS sent SET acknowledged_at = %(now)s, refused_at = NULL, refusal = ''
FROM (
    SELECT DISTINCT line.sent_id FROM registers_registerline AS line
    WHERE line.supplier_id = %(supplier_id)s AND line.register_id = %(register_id)s AND line.outcome = 'new'
      AND line.sent_id IS NOT NULL
) AS line
WHERE sent.supplier_id = %(supplier_id)s AND sent.id = line.sent_id AND sent.acknowledged_at IS NULL
  AND sent.released_at IS NULL
