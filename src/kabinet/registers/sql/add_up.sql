-- Make one line of those that are about the same, and keep the others aside; a group with a bad line stays as it is.
WITH line AS MATERIALIZED (
    SELECT read.*, {problems} AS problems
    FROM (
        SELECT staged.ctid AS place, staged.line_no, {cells} AS cells, {number_key} AS number_key,
               {service_key} AS service_key,
               {values}
        FROM staged
        OFFSET 0  -- and each cell is read once, however often it is named
    ) AS read
), one AS (
    SELECT min(place) AS place, array_agg(place) AS places, min(line_no) AS line_no,
           {sums}
    FROM line
    GROUP BY number_key, service_key{keys}
    HAVING count(*) > 1 AND bool_and(problems IS NULL)
), gone AS (
    DELETE FROM staged
    USING (SELECT one.place AS first_place, one.line_no, unnest(one.places) AS place FROM one) AS other
    WHERE staged.ctid = other.place AND other.place <> other.first_place
    RETURNING other.line_no AS first_line_no, staged.*
), summed AS (
    UPDATE staged SET {assignments} FROM one WHERE staged.ctid = one.place
)
INSERT INTO added_up SELECT * FROM gone
