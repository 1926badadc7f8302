"""Sessions in the database, as Django keeps them, which tell a database that is away from a session that is gone."""

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.db import InterfaceError, OperationalError


class SessionStore(db.SessionStore):
    def save(self, must_create: bool = False) -> None:
        """Keep the session. Raises OperationalError, InterfaceError without a database: that is no visitor's fault.

        Django says UpdateError for it, as if somebody had signed out meanwhile, and answers 400.
        """
        try:
            super().save(must_create)
        except UpdateError as error:
            if isinstance(error.__context__, OperationalError | InterfaceError):
                raise error.__context__ from None
            raise
