"""`python -m bench.registers.peer FILE`: copy a file of the world into a table of text, and print the seconds."""

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from bench.registers import FOLDER

CHUNK = 256 * 1024
DELIMITER = b";"


def main() -> None:
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        connection.execute("SET statement_timeout = 0")
        began = time.monotonic()
        copy_file(connection, FOLDER / sys.argv[1])
        connection.commit()
        took_s = time.monotonic() - began
        connection.execute("DROP TABLE bench_raw")
    json.dump({"seconds": took_s}, sys.stdout)


def copy_file(connection: psycopg.Connection[Any], file: Path) -> None:
    """Copy a file as it is into a new table, `bench_raw`, whose columns are c0, c1 and so on."""
    with file.open("rb") as opened:
        width = len(opened.readline().split(DELIMITER))
        opened.seek(0)
        columns = sql.SQL(", ").join(sql.SQL("{} text").format(sql.Identifier(f"c{place}")) for place in range(width))
        connection.execute(sql.SQL("CREATE TABLE bench_raw ({})").format(columns))
        with connection.cursor().copy(
            "COPY bench_raw FROM STDIN (FORMAT csv, DELIMITER ';', HEADER, ENCODING 'WIN1251')"
        ) as copy:
            while chunk := opened.read(CHUNK):
                copy.write(chunk)


if __name__ == "__main__":
    main()
