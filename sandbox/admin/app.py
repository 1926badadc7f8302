"""The admin port: which call is meant, and what a refusal looks like."""

import json
from typing import Any

from sandbox import chargebacks, faults, habits, notifications, payment_methods, payments, receipts, refunds, register
from sandbox.admin import audit, beginning, clock, objects, registers, rules
from sandbox.admin import notifications as notification_calls
from sandbox.admin import payments as payment_calls
from sandbox.admin.desk import Desk, Refused
from sandbox.faults import Faults
from sandbox.gateway import Gateway
from sandbox.http_server import Request, Response, Routes
from sandbox.notifications import Courier

_UNKNOWN = (payments.NotFound, refunds.NotFound, receipts.NotFound, payment_methods.NotFound)
_WRONG_STATE = (payments.WrongState, refunds.WrongState, receipts.WrongState, payment_methods.WrongState)
_TOO_MUCH = (payments.TooMuch, refunds.TooMuch, chargebacks.TooMuch, refunds.NotRefundable)
_WRONG_WORDS = (notifications.WrongKnob, faults.WrongRule, habits.WrongHabit, register.WrongDistortion)
CALLS = tuple(
    call
    for part in (payment_calls, objects, notification_calls, clock, rules, registers, audit, beginning)
    for call in part.CALLS
)


class Admin:
    def __init__(self, gateway: Gateway, courier: Courier, rules_in_force: Faults) -> None:
        self._desk = Desk(gateway, courier, rules_in_force)
        self._routes = Routes()
        for method, path, view in CALLS:
            self._routes.add(method, f"/sandbox/{path}", view)

    def answer(self, request: Request) -> Response:
        try:
            # Programs send no Origin; a page of another site that is open in the tester's browser does.
            if "Origin" in request.headers:
                raise Refused(403, "not from a browser")
            found = self._routes.find(request)
            if found is None:
                raise Refused(404, "there is no such call")
            view, arguments = found
            answer = view(self._desk, request, **arguments)
            return answer if isinstance(answer, Response) else _json(answer)
        except _UNKNOWN:
            return _json({"error": "there is no such object"}, status=404)
        except _WRONG_STATE as error:
            return _json({"error": f"it cannot be changed so: it is {error}"}, status=409)
        except _TOO_MUCH:
            return _json({"error": "that is more than is left of the payment"}, status=409)
        except _WRONG_WORDS as error:
            return _json({"error": str(error)}, status=400)
        except Refused as error:
            return _json({"error": str(error)}, status=error.status)


def _json(shown: Any, *, status: int = 200) -> Response:
    return Response(json.dumps(shown, ensure_ascii=False, indent=1).encode(), status=status)
