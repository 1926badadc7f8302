"""`python -m bench.registers.peer FILE`: copy a file of the world into a table of text, and print the seconds."""

import json
import os
import sys
import time

import psycopg
from psycopg import sql

from bench.registers import FOLDER

CHUNK = 256 * 1024
COLUMNS = 8


def main() -> None:
    columns = sql.SQL(", ").join(sql.SQL("{} text").format(sql.Identifier(f"c{n}")) for n in range(COLUMNS))
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection, (FOLDER / sys.argv[1]).open("rb") as file:
        connection.execute("SET statement_timeout = 0")
        began = time.monotonic()
        connection.execute(sql.SQL("CREATE TABLE bench_raw ({})").format(columns))
        with connection.cursor().copy(
            "COPY bench_raw FROM STDIN (FORMAT csv, DELIMITER ';', HEADER, ENCODING 'WIN1251')"
        ) as copy:
            while chunk := file.read(CHUNK):
                copy.write(chunk)
        connection.commit()
        took_s = time.monotonic() - began
        connection.execute("DROP TABLE bench_raw")
    json.dump({"seconds": took_s}, sys.stdout)


if __name__ == "__main__":
    main()
