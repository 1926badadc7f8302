"""/bind/<id>: a person lets a shop keep a card without paying."""

import hmac

from sandbox import notifications, payment_methods
from sandbox.gateway import Gateway
from sandbox.http_server import Request, Response
from sandbox.notifications import Courier
from sandbox.page.html import render
from sandbox.page.responses import HEAD_START_MS, forged, link, page, redirect
from sandbox.payment_methods import PaymentMethod


class BindingPage:
    def __init__(self, gateway: Gateway, courier: Courier) -> None:
        self._gateway = gateway
        self._courier = courier
        self.routes = (("GET", "/bind/{method_id}", self._show), ("POST", "/bind/{method_id}", self._bind))

    def _show(self, request: Request, method_id: str) -> Response:
        with self._gateway.session() as session:
            method = payment_methods.find(session, method_id)
        if method.status != "pending":
            return self._outcome(method)
        content = render(
            "binding",
            id=method.id,
            token=self._gateway.page_token(method.id),
            shop=self._gateway.shops[method.shop_id].name if method.shop_id in self._gateway.shops else "—",
            leave=link("leave", _return_url(method)),
        )
        return page(title="Сохранить карту", content=content, leads_to=(_return_url(method),))

    def _bind(self, request: Request, method_id: str) -> Response:
        token = request.form().get("token", "")
        if not hmac.compare_digest(token.encode(), self._gateway.page_token(method_id).encode()):
            return forged(f"/bind/{method_id}")
        with self._gateway.session() as session:
            method = payment_methods.find(session, method_id)
            is_told_first = notifications.knobs_of(self._gateway, session.db, method.shop_id).before_return
            session.head_start_ms = 0 if is_told_first else HEAD_START_MS
            if method.status != "pending":
                return redirect(f"/bind/{method_id}")
            payment_methods.bind(session, method)
        if is_told_first:
            self._courier.deliver_due()
        return redirect(_return_url(method) or f"/bind/{method_id}")

    def _outcome(self, method: PaymentMethod) -> Response:
        is_kept = method.status == "active"
        kind, title = ("good", "Карта сохранена") if is_kept else ("bad", "Карта не сохранена")
        text = "Магазин получит сообщение." if is_kept else "Разрешение на оплату с этой карты отозвано."
        content = render(
            "binding_outcome",
            kind=kind,
            mark=render(f"mark_{kind}"),
            title=title,
            text=text,
            back=link("back", _return_url(method)),
        )
        return page(title=title, content=content)


def _return_url(method: PaymentMethod) -> str:
    return method.request.get("confirmation", {}).get("return_url", "")
