-- Mark the lines whose readings are followed by others, or were charged.
UPDATE registers_registerline AS line SET is_left = TRUE
FROM meters_reading AS reading
WHERE line.supplier_id = %(supplier_id)s AND line.register_id = %(register_id)s AND line.outcome = 'new'
  AND reading.supplier_id = %(supplier_id)s AND reading.id = line.object_id
  AND (
      EXISTS (
          SELECT FROM meters_reading AS later
          WHERE later.supplier_id = %(supplier_id)s AND later.scale_id = reading.scale_id
            AND later.status = 'accepted' AND later.taken_on > reading.taken_on
            AND NOT EXISTS (
                SELECT FROM registers_registerline AS mine
                WHERE mine.supplier_id = %(supplier_id)s AND mine.register_id = %(register_id)s
                  AND mine.object_id = later.id
            )
      )
      OR EXISTS (
          SELECT FROM charges_charge AS charge
          WHERE charge.supplier_id = %(supplier_id)s AND charge.reading_id = reading.id
      )
  )
