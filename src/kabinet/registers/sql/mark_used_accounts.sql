-- Mark the lines whose new accounts are in use by now.
UPDATE registers_registerline AS line SET is_left = TRUE
WHERE line.supplier_id = %(supplier_id)s AND line.register_id = %(register_id)s AND line.outcome = 'new' AND ({uses})
