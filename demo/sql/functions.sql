-- A number in [0, 1) that is the same each time for the same two: the world's only source of chance.
CREATE OR REPLACE FUNCTION pg_temp.chance(who bigint, what bigint) RETURNS double precision
LANGUAGE sql IMMUTABLE AS $$
    SELECT (hashint8extended(who, what) & 2147483647) / 2147483648.0::double precision
$$;

CREATE OR REPLACE FUNCTION pg_temp.pick(choices text[], who bigint, what bigint) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT choices[1 + floor(pg_temp.chance(who, what) * cardinality(choices))::int]
$$;

-- The check digits of kabinet.suppliers.rules, for a body without its last digit.
CREATE OR REPLACE FUNCTION pg_temp.check_digit(body text, kind text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE kind
        WHEN 'mod11' THEN mod(mod(sum(digit::int * place), 11), 10)::text
        WHEN 'luhn' THEN mod(10 - mod(sum(
            CASE WHEN mod(length(body) - place, 2) = 0 THEN mod(digit::int * 2, 10) + digit::int * 2 / 10 ELSE digit::int END
        ), 10), 10)::text
        ELSE ''
    END
    FROM unnest(string_to_array(body, NULL)) WITH ORDINALITY AS signs (digit, place)
$$;
