"""Work in several processes. Imports no model: a new process reads this before it knows of the apps."""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor

import django
from django.db import connection, connections


def pool(processes: int) -> ProcessPoolExecutor:
    """Give new processes with Django ready in them, on the database of this one: in a test not that of the settings.

    New ones and no copies: threads and connections would not survive the copying.
    """
    database = connection.settings_dict["NAME"]
    fresh = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(processes, fresh, initializer=_prepare, initargs=(database,))


def _prepare(database: str) -> None:
    django.setup()
    connections["default"].settings_dict["NAME"] = database
