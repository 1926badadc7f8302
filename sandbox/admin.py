"""The other side of every invariant, and the hands of a tester: JSON under /sandbox on a port of its own."""

import dataclasses
import json
import re
from typing import Any

from sandbox import faults, means, moments, money, notifications, payments
from sandbox.faults import Faults
from sandbox.gateway import Gateway, Session
from sandbox.http_server import Request, Response, Routes
from sandbox.means import Card
from sandbox.notifications import Courier
from sandbox.payments import Payment

_REASON = re.compile(r"[0-9a-z_]{1,64}")


class Refused(Exception):
    """A call that cannot be carried out; its text says why."""

    def __init__(self, status: int, description: str) -> None:
        super().__init__(description)
        self.status = status


class Admin:
    def __init__(self, gateway: Gateway, courier: Courier, rules: Faults) -> None:
        self._gateway = gateway
        self._courier = courier
        self._faults = rules
        self._routes = Routes()
        for method, path, view in (
            ("GET", "payments", self._payments),
            ("GET", "payments/{payment_id}", self._payment),
            ("POST", "payments/{payment_id}/pay", self._pay),
            ("POST", "payments/{payment_id}/decline", self._decline),
            ("POST", "payments/{payment_id}/expire", self._expire),
            ("GET", "notifications", self._notifications),
            ("POST", "notifications", self._turn_knobs),
            ("POST", "notifications/send", self._send),
            ("GET", "clock", self._clock),
            ("POST", "clock", self._set_clock),
            ("GET", "rules", self._rules),
            ("POST", "rules", self._add_rules),
            ("DELETE", "rules", self._clear_rules),
            ("GET", "audit", self._audit),
        ):
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
            return _json(view(request, **arguments))
        except payments.NotFound:
            return _json({"error": "there is no such payment"}, status=404)
        except payments.WrongState as error:
            return _json({"error": f"the payment cannot be changed so: it is {error}"}, status=409)
        except (notifications.WrongKnob, faults.WrongRule) as error:
            return _json({"error": str(error)}, status=400)
        except Refused as error:
            return _json({"error": str(error)}, status=error.status)

    def _payments(self, request: Request) -> dict[str, Any]:
        """All payments, newest last; `shop`, `status` and `metadata.<key>` choose among them."""
        with self._gateway.session() as session:
            chosen = [payment for payment in _all_payments(session) if _fits(payment, request.query)]
            return {"payments": [self._shown(payment) for payment in chosen]}

    def _payment(self, request: Request, payment_id: str) -> dict[str, Any]:
        with self._gateway.session() as session:
            return self._shown(payments.find(session, payment_id))

    def _pay(self, request: Request, payment_id: str) -> dict[str, Any]:
        """Pay as the payer would; `method` is bank_card or sbp, by default the first that fits."""
        given = _object(request)
        with self._gateway.session() as session:
            payment = payments.find(session, payment_id)
            method = given.get("method") or payment.methods[0]
            if method == "bank_card":
                card = Card(number=means.CARD, month=12, year=moments.moscow_day(session.now).year + 4)
                paid_with = means.card_means(session, payment, card)
            elif method == "sbp":
                paid_with = means.sbp_means(session, payment)
            else:
                raise Refused(400, "method is bank_card or sbp")
            return self._shown(payments.pay(session, payment, paid_with))

    def _decline(self, request: Request, payment_id: str) -> dict[str, Any]:
        """Refuse with a `reason`, known to the specification or not: clients must bear new words."""
        reason = _object(request).get("reason", "general_decline")
        if not isinstance(reason, str) or not _REASON.fullmatch(reason):
            raise Refused(400, "reason is a word of small letters, digits and underscores")
        party = means.PARTY_OF_REASON.get(reason, "payment_network")
        with self._gateway.session() as session:
            payment = payments.find(session, payment_id)
            return self._shown(payments.decline(session, payment, party=party, reason=reason))

    def _expire(self, request: Request, payment_id: str) -> dict[str, Any]:
        with self._gateway.session() as session:
            return self._shown(payments.expire(session, payments.find(session, payment_id)))

    def _notifications(self, request: Request) -> dict[str, Any]:
        """The knobs of every shop, and all notifications with what became of them."""
        with self._gateway.session() as session:
            rows = session.db.execute("SELECT * FROM notifications ORDER BY id").fetchall()
            return {
                "knobs": {shop_id: self._knobs(session, shop_id) for shop_id in self._gateway.shops},
                "notifications": [
                    {
                        **dict(row),
                        "created_at": moments.to_iso(row["created_at"]),
                        "due_at": moments.to_iso(row["due_at"]),
                    }
                    for row in rows
                ],
            }

    def _turn_knobs(self, request: Request) -> dict[str, Any]:
        """Change the knobs of one `shop`, or of all when none is named."""
        changes = _object(request)
        shop_id = changes.pop("shop", None)
        if shop_id is not None and shop_id not in self._gateway.shops:
            raise Refused(404, "there is no such shop")
        shop_ids = [shop_id] if shop_id else list(self._gateway.shops)
        with self._gateway.session() as session:
            for each in shop_ids:
                notifications.turn_knobs(self._gateway, session.db, each, changes)
            return {"knobs": {each: self._knobs(session, each) for each in shop_ids}}

    def _send(self, request: Request) -> dict[str, Any]:
        """Send what is due now, wait for the answers, and say how many notifications have which fate."""
        self._courier.deliver_due()
        with self._gateway.session() as session:
            rows = session.db.execute("SELECT fate, count(*) AS total FROM notifications GROUP BY fate").fetchall()
            return {row["fate"]: row["total"] for row in rows}

    def _clock(self, request: Request) -> dict[str, Any]:
        return {"now": moments.to_iso(self._gateway.clock.now())}

    def _set_clock(self, request: Request) -> dict[str, Any]:
        """Move the sandbox's clock: `{"set": "2026-11-20T09:15:00Z"}`, `{"advance_s": 3600}` or `{"reset": true}`."""
        try:
            match _object(request):
                case {"set": str(text)}:
                    self._gateway.clock.set(moments.from_iso(text))
                case {"advance_s": int(seconds)}:
                    self._gateway.clock.advance(seconds * moments.SECOND)
                case {"reset": True}:
                    self._gateway.clock.reset()
                case _:
                    raise Refused(400, "say set, advance_s or reset")
        except ValueError:
            raise Refused(400, "a moment is in ISO 8601, in the years 2001 to 2099") from None
        # What has run out by the new time does so before the answer, not when the courier wakes up.
        with self._gateway.session():
            pass
        self._gateway.news.set()
        return self._clock(request)

    def _rules(self, request: Request) -> dict[str, Any]:
        return {"rules": [dataclasses.asdict(rule) for rule in self._faults.listing()]}

    def _add_rules(self, request: Request) -> dict[str, Any]:
        """Add a rule, or several as `{"rules": […]}`, after those in force."""
        given = _object(request)
        listed = given["rules"] if isinstance(given.get("rules"), list) else [given]
        self._faults.add([faults.read_rule(each) for each in listed])
        return self._rules(request)

    def _clear_rules(self, request: Request) -> dict[str, Any]:
        self._faults.clear()
        return self._rules(request)

    def _audit(self, request: Request) -> dict[str, Any]:
        """What the gateway holds, per shop: payments by status, and by Moscow day of capture what was taken."""
        with self._gateway.session() as session:
            held: dict[str, list[Payment]] = {shop_id: [] for shop_id in self._gateway.shops}
            for payment in _all_payments(session):
                held.setdefault(payment.shop_id, []).append(payment)
        return {"shops": {shop_id: _audit_of_shop(of_shop) for shop_id, of_shop in held.items()}}

    def _knobs(self, session: Session, shop_id: str) -> dict[str, Any]:
        return dataclasses.asdict(notifications.knobs_of(self._gateway, session.db, shop_id))

    def _shown(self, payment: Payment) -> dict[str, Any]:
        """A payment as it is stored, which is more than its shop may see."""
        return {
            "id": payment.id,
            "shop": payment.shop_id,
            "status": payment.status,
            "amount": money.to_value(payment.amount_kopecks),
            "method": payment.method,
            "created_at": moments.to_iso(payment.created_at),
            "captured_at": moments.to_iso(payment.captured_at) if payment.captured_at else None,
            "cancellation": payment.cancellation,
            "page_url": self._gateway.page_url(payment.id),
            "request": payment.request,
        }


def _all_payments(session: Session) -> list[Payment]:
    rows = session.db.execute("SELECT * FROM payments ORDER BY number").fetchall()
    return [payments.from_row(row) for row in rows]


def _fits(payment: Payment, query: dict[str, str]) -> bool:
    metadata = payment.request.get("metadata", {})
    return (
        query.get("shop", payment.shop_id) == payment.shop_id
        and query.get("status", payment.status) == payment.status
        and all(
            metadata.get(name.removeprefix("metadata.")) == value
            for name, value in query.items()
            if name.startswith("metadata.")
        )
    )


def _audit_of_shop(of_shop: list[Payment]) -> dict[str, Any]:
    taken: dict[str, list[Payment]] = {}
    for payment in of_shop:
        if payment.captured_at is not None:
            taken.setdefault(moments.moscow_day(payment.captured_at).isoformat(), []).append(payment)
    return {
        "statuses": {
            status: sum(payment.status == status for payment in of_shop)
            for status in ("pending", "waiting_for_capture", "succeeded", "canceled")
        },
        "total": _taken([payment for of_day in taken.values() for payment in of_day]),
        "days": {day: _taken(of_day) for day, of_day in sorted(taken.items())},
    }


def _taken(taken: list[Payment]) -> dict[str, Any]:
    amount = sum(payment.amount_kopecks for payment in taken)
    fee = sum(payment.fee_kopecks or 0 for payment in taken)
    return {"payments": len(taken), "amount": money.to_value(amount), "income": money.to_value(amount - fee)}


def _object(request: Request) -> dict[str, Any]:
    try:
        given = json.loads(request.body or b"{}")
    except ValueError:
        raise Refused(400, "the body is not JSON") from None
    if not isinstance(given, dict):
        raise Refused(400, "the body is not a JSON object")
    return given


def _json(shown: dict[str, Any], *, status: int = 200) -> Response:
    return Response(json.dumps(shown, ensure_ascii=False, indent=1).encode(), status=status)
