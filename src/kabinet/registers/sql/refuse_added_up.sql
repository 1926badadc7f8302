-- Refuse the lines that were added to one which is refused: each is a line of the file that is to be put right.
INSERT INTO registers_registerline (supplier_id, register_id, line_no, outcome, cells, reasons, is_left)
SELECT %(supplier_id)s, %(register_id)s, staged.line_no, 'refused', {cells}, refused.reasons, FALSE
FROM added_up AS staged
JOIN registers_registerline AS refused
  ON refused.supplier_id = %(supplier_id)s AND refused.register_id = %(register_id)s AND refused.outcome = 'refused'
 AND refused.line_no = staged.first_line_no AND {refused_number_key} = {number_key}
 AND {refused_service_key} = {service_key}
