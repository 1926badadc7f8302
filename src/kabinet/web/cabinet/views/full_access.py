"""The door to what only a full holder of an account may see."""

import functools
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kabinet.accounts import queries as accounts
from kabinet.accounts.queries import AccountCard

View = Callable[..., HttpResponse]


def with_full_access(title: str) -> Callable[[View], View]:
    """Give the view an AccountCard under full access, or say under its title how to gain that. A stranger's is 404."""

    def door(view: View) -> View:
        @functools.wraps(view)
        def enter(request: HttpRequest, supplier_id: int, account_id: int, *args: Any, **kwargs: Any) -> HttpResponse:
            account: AccountCard = accounts.account_card(supplier_id, account_id, visible_to=request.user)
            if not account.is_full:
                return render(
                    request, "cabinet/full_access_needed.html", {"account": account, "title": title}, status=403
                )
            return view(request, account, *args, **kwargs)

        return enter

    return door
