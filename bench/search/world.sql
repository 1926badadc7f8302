-- Accounts with a meter each; one in five is in somebody's cabinet. A few surnames, streets and towns are everybody's and
-- most are rare, as they are. Seven in ten accounts belong to the first supplier. The same world each time: chance comes
-- from a hash.
CREATE TEMP TABLE world_surname ON COMMIT DROP AS
SELECT row_number() OVER (ORDER BY hashtextextended(head || middle || tail, 1)) - 1 AS place, head || middle || tail AS surname
FROM unnest(ARRAY[
         'Ив', 'Петр', 'Кузн', 'Смирн', 'Вас', 'Мих', 'Фёд', 'Алекс', 'Ник', 'Ков', 'Бонд', 'Мороз', 'Лебед', 'Степ', 'Сем',
         'Пав', 'Гол', 'Вин', 'Бог', 'Вороб', 'Тар', 'Бел', 'Ком', 'Орл', 'Кис', 'Мак', 'Андр', 'Зах', 'Сол', 'Бор', 'Яков',
         'Григ', 'Ром', 'Щерб', 'Щук', 'Фил', 'Прох', 'Тих', 'Гер', 'Жук', 'Хар', 'Цвет', 'Чер', 'Шув', 'Дан', 'Дем', 'Гус',
         'Рыб', 'Крыл', 'Нест', 'Пономар', 'Сав', 'Труш', 'Эр', 'Фом', 'Блин'
     ]) AS head,
     unnest(ARRAY[
         'ан', 'ен', 'ин', 'он', 'ул', 'ар', 'ер', 'ор', 'ат', 'ет', 'от', 'ец', 'ак', 'ик', 'ок', 'ал', 'ел', 'ил', 'уш',
         'ош', 'ач', 'юх', 'ем', 'ом', 'ам', 'им', 'евич', 'анов', 'ильн', 'янск', 'айл', 'оль', 'ись', 'ущ', 'яз'
     ]) AS middle,
     unnest(ARRAY['ов', 'ев', 'ёв', 'ин', 'енко', 'ский', 'ук', 'юк', 'иков', 'еев', 'кин', 'ко', 'ых', 'ник']) AS tail;

CREATE TEMP TABLE world_street ON COMMIT DROP AS
SELECT row_number() OVER (ORDER BY hashtextextended(kind || name, 2)) - 1 AS place, kind || name AS street
FROM unnest(ARRAY['', '', '', 'Большая ', 'Малая ', 'Новая ', 'Старая ', 'Верхняя ', 'Маршала ', 'Генерала ']) AS kind,
     unnest(ARRAY[
         'Ленина', 'Садовая', 'Советская', 'Мира', 'Победы', 'Гагарина', 'Кирова', 'Лесная', 'Зелёная', 'Школьная', 'Молодёжная',
         'Пушкина', 'Гоголя', 'Чехова', 'Толстого', 'Жукова', 'Королёва', 'Космонавтов', 'Строителей', 'Энергетиков',
         'Железнодорожная', 'Вокзальная', 'Речная', 'Луговая', 'Полевая', 'Сосновая', 'Берёзовая', 'Цветочная', 'Солнечная',
         'Южная', 'Северная', 'Заречная', 'Октябрьская', 'Первомайская', 'Комсомольская', 'Пионерская', 'Чапаева', 'Фрунзе',
         'Калинина', 'Маяковского', 'Некрасова', 'Лермонтова', 'Тургенева', '8 Марта', '50 лет Октября', 'Набережная', 'Трудовая',
         'Заводская', 'Фабричная', 'Колхозная', 'Озёрная', 'Степная', 'Парковая', 'Дачная', 'Светлая', 'Весенняя'
     ]) AS name;

CREATE TEMP TABLE world_account ON COMMIT DROP AS
SELECT n, nextval(pg_get_serial_sequence('accounts_account', 'id')) AS id,
       CASE WHEN chance[1] < 0.7 THEN 1 ELSE 2 + (n %% (%(suppliers)s - 1)) END AS supplier,
       floor(power(27440, chance[2])) - 1 AS surname_place, floor(power(560, chance[3])) - 1 AS street_place,
       floor(power(11, chance[4]))::int AS town, 1 + (160 * chance[5] * chance[6])::int AS house,
       1 + (120 * chance[5] * chance[7])::int AS flat
FROM generate_series(1, %(accounts)s::bigint) AS n,
     LATERAL (
         SELECT array_agg((hashint8extended(n, what) & 2147483647) / 2147483648.0::float8) AS chance
         FROM generate_series(1, 7) AS what
     ) AS chances;

INSERT INTO accounts_account (
    id, supplier_id, number, surname, given_name, patronymic, postcode, locality, street_address, flat, usage_purpose_code,
    region_code, created_at
)
SELECT id, (%(supplier_ids)s::bigint[])[supplier], lpad((n * 7)::text, 9, '0'),
       surname || CASE WHEN n %% 2 = 0 AND surname ~ '(ов|ев|ёв|ин)$' THEN 'а' ELSE '' END,
       (ARRAY['Иван', 'Анна', 'Пётр', 'Мария', 'Сергей', 'Ольга', 'Алексей', 'Елена'])[1 + n %% 8],
       (ARRAY['Иванович', 'Петровна', 'Сергеевич', 'Андреевна'])[1 + n / 8 %% 4], '188300',
       (ARRAY[
           'г. Гатчина', 'г. Ростов-на-Дону', 'Санкт-Петербург', 'г. Ижевск', 'г. Псков', 'с. Ивановка', 'пос. Лесной', 'г. Самара',
           'г. Тверь', 'дер. Малые Колпаны', 'г. Пушкин'
       ])[town],
       'ул. ' || street || ', д. ' || house || CASE WHEN n %% 17 = 0 THEN 'а' WHEN n %% 19 = 0 THEN ', корп. 2' ELSE '' END,
       flat, '', '', now()
FROM world_account
JOIN world_surname ON world_surname.place = surname_place
JOIN world_street ON world_street.place = street_place
ORDER BY n;

INSERT INTO meters_meter (
    supplier_id, account_id, serial_number, model_name, location, digits, seal_number, usage_purpose_code, needs_volume_factor
)
SELECT (%(supplier_ids)s::bigint[])[supplier], id,
       CASE WHEN n %% 9 = 0 THEN 'АВ-' ELSE '' END || lpad((n * 7919 %% 100000000)::text, 8, '0'), 'ВК-G4', '', 5, '', '', FALSE
FROM world_account ORDER BY n;

WITH owner AS (
    INSERT INTO people_user (
        password, is_superuser, email, email_canonical, surname, given_name, patronymic, phone, language, is_staff, is_active,
        created_at, sessions_epoch
    )
    SELECT '!', FALSE, 'customer' || n || '@example.org', 'customer' || n || '@example.org', '', '', '',
           '+79' || lpad((n * 104729 %% 1000000000)::text, 9, '0'), 'ru', FALSE, TRUE, now(), 0
    FROM world_account WHERE n %% 5 = 0 ORDER BY n
    RETURNING id, email
)
INSERT INTO accounts_accountaccess (supplier_id, account_id, user_id, level, alias, position, attached_at)
SELECT (%(supplier_ids)s::bigint[])[supplier], account.id, owner.id, 'full', '', 0, now()
FROM owner JOIN world_account AS account ON owner.email = 'customer' || n || '@example.org'
