"""Keys by which staff find an account: kept by the database itself, so that a register of a million lines needs no more.

``accounts.rules.sounding`` makes the same keys of what is typed. The functions name each other with their schema: indexes
are built and checked where nothing else is searched for names. Their cost is set high, because the planner must never
think that it is cheaper to compute the keys of every row than to ask the index; for the same cost it would start
parallel workers, each of which takes longer to start than the look-up itself, so they are RESTRICTED.
"""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models
from django.db.models.functions import Reverse

from kabinet.accounts.models import PlaceKeys, Sound, SurnameKey

SOUND = r"""
CREATE FUNCTION public.accounts_sound(written text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL RESTRICTED COST 10000 AS $$
BEGIN
    RETURN regexp_replace(
        replace(translate(lower(written), 'ёеэыйяюобвгджзщцъь', 'ииииииуапфктшсшс'), 'тс', 'с'), '([а-я])\1+', '\1', 'g'
    );
END $$;
"""

SURNAME_KEY = r"""
CREATE FUNCTION public.accounts_surname_key(surname text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL RESTRICTED COST 10000 AS $$
BEGIN
    RETURN regexp_replace(
        regexp_replace(public.accounts_sound(surname), '[^а-яa-z]+', '', 'g'), '(?<=[фн])а$|(?:аи|и)$', ''
    );
END $$;
"""

# «7 линина», «7 5 линина» and «7 кв12» of Ленина, 5, кв. 12 at supplier 7; «7 @катчина» of its town. No regular
# expression for a whole address: it would take five times as long.
PLACE_KEYS = r"""
CREATE FUNCTION public.accounts_place_keys(supplier_id bigint, locality text, street_address text, flat text)
RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL RESTRICTED COST 100000
RETURN (
    WITH token AS MATERIALIZED (
        SELECT word, left(word, 1) BETWEEN '0' AND '9' AS is_number
        FROM unnest(string_to_array(translate(lower(street_address), '.,;:/\-–—()"№«»''', repeat(' ', 16)), ' ')) AS word
        WHERE word NOT IN (
            '', 'улица', 'ул', 'проспект', 'просп', 'пр', 'пркт', 'т', 'кт', 'переулок', 'пер', 'площадь', 'пл', 'шоссе',
            'ш', 'бульвар', 'б', 'р', 'проезд', 'наб', 'тупик', 'аллея', 'дом', 'д', 'корпус', 'корп', 'к',
            'строение', 'стр', 'литера', 'лит', 'квартира', 'кв', 'комната', 'ком', 'город', 'г', 'поселок', 'пос', 'п',
            'село', 'с', 'деревня', 'дер', 'область', 'обл', 'край', 'район', 'микрорайон', 'мкр', 'пгт', 'рп', 'снт',
            'днт'
        )
    ), number AS MATERIALIZED (
        SELECT word FROM token WHERE is_number
        UNION SELECT rtrim(word, 'абвгдежзиклмнопрстуфхцчшщэюя') FROM token WHERE is_number
    )
    SELECT array_to_tsvector(array_agg(DISTINCT key)) FROM (
        SELECT concat(supplier_id, number.word, ' ', public.accounts_sound(token.word)) AS key
        FROM token, (SELECT ' ' || number.word AS word FROM number UNION ALL SELECT '') AS number
        WHERE NOT is_number AND length(token.word) > 1
        UNION ALL
        SELECT concat(supplier_id, ' @', public.accounts_sound(word))
        FROM unnest(string_to_array(translate(lower(locality), '.,;:/\-–—()"№«»''', repeat(' ', 16)), ' ')) AS word
        WHERE length(word) > 1
        UNION ALL
        SELECT concat(supplier_id, ' кв', ltrim(lower(flat), 'кв. №')) WHERE flat <> ''
    ) AS keys
);
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        TrigramExtension(),
        migrations.RunSQL(SOUND, "DROP FUNCTION public.accounts_sound(text)"),
        migrations.RunSQL(SURNAME_KEY, "DROP FUNCTION public.accounts_surname_key(text)"),
        migrations.RunSQL(PLACE_KEYS, "DROP FUNCTION public.accounts_place_keys(bigint, text, text, text)"),
        migrations.AddIndex(
            "account",
            models.Index(
                OpClass(SurnameKey("surname"), "text_pattern_ops"),
                models.F("supplier"),
                OpClass(Sound("given_name"), "text_pattern_ops"),
                name="account_by_surname",
            ),
        ),
        migrations.AddIndex(
            "account",
            models.Index("supplier", OpClass("number", "varchar_pattern_ops"), name="account_by_number_start"),
        ),
        migrations.AddIndex(
            "account",
            models.Index("supplier", OpClass(Reverse("number"), "text_pattern_ops"), name="account_by_number_end"),
        ),
        migrations.AddIndex("account", GinIndex(PlaceKeys(), fastupdate=False, name="account_by_place")),
    ]
