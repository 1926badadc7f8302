"""What a process asks before it serves anybody: are its settings fit for people?"""

import contextlib

from django.conf import settings
from django.core.checks import ERROR, Tags, run_checks
from django.core.management.base import SystemCheckError
from django.db import OperationalError


def refuse_unsafe_settings() -> None:
    """Stop the start where `check` would call a matter of security an error.

    Checks that are for production only are left out in the demonstration and for developers. What the database holds
    is looked at too, unless it is away: then there is nobody to serve either.
    Raises SystemCheckError, which says each of them.
    """
    is_production = not (settings.DEMO or settings.DEBUG)
    found = run_checks(tags=[Tags.security], include_deployment_checks=is_production)
    if is_production:
        with contextlib.suppress(OperationalError):
            found += run_checks(tags=[Tags.database], databases=["default"])
    errors = [problem for problem in found if problem.level >= ERROR and not problem.is_silenced()]
    if errors:
        raise SystemCheckError("\n".join(str(error) for error in errors))
