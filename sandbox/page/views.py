"""The views of the page: /pay/<id> shows the payment and takes the decision, /pay/<id>/3ds asks for the bank's code.

A link of the fast payment system, /AD…, opens the same page.
"""

import hmac
from pathlib import Path

from sandbox import means, moments, money, notifications, payment_methods, payments
from sandbox.gateway import Gateway, Session
from sandbox.http_server import Request, Response, Routes
from sandbox.means import Card
from sandbox.notifications import Courier
from sandbox.page import texts
from sandbox.page.binding import BindingPage
from sandbox.page.cards import CardForm
from sandbox.page.faces import face_of
from sandbox.page.html import Html, join, render
from sandbox.page.qr import qr_svg
from sandbox.page.responses import HEAD_START_MS, forged, link, missing, page, redirect
from sandbox.payments import Payment
from sandbox.sbp import links

_STYLE = Path(__file__).parent / "static" / "pay.css"

_METHODS = {"bank_card": ("card", "Карта"), "sbp": ("sbp", "СБП")}


class Page:
    def __init__(self, gateway: Gateway, courier: Courier) -> None:
        self._gateway = gateway
        self._courier = courier
        self._style = Response(
            _STYLE.read_bytes(), content_type="text/css; charset=utf-8", headers={"Cache-Control": "max-age=300"}
        )
        self._routes = Routes()
        self._routes.add("GET", "/pay/pay.css", lambda request: self._style)
        self._routes.add("GET", "/pay/{payment_id}", self._show)
        self._routes.add("POST", "/pay/{payment_id}", self._decide)
        self._routes.add("POST", "/pay/{payment_id}/3ds", self._confirm)
        self._routes.add("GET", "/{qrc_id}", self._open_link)
        for route in BindingPage(gateway, courier).routes:
            self._routes.add(*route)

    def answer(self, request: Request) -> Response:
        """Answer a request of a browser."""
        found = self._routes.find(request)
        if found is None:
            return missing()
        view, arguments = found
        try:
            return view(request, **arguments)
        except (payments.NotFound, payment_methods.NotFound):
            return missing()

    def _show(self, request: Request, payment_id: str) -> Response:
        with self._gateway.session() as session:
            payment = payments.find(session, payment_id)
            return self._desk(session, payment, method=request.query.get("method", ""))

    def _open_link(self, request: Request, qrc_id: str) -> Response:
        with self._gateway.session() as session:
            payment = links.find(session, qrc_id)
        return redirect(f"/pay/{payment.id}?method=sbp")

    def _decide(self, request: Request, payment_id: str) -> Response:
        fields = request.form()
        if not self._is_ours(payment_id, fields):
            return forged(f"/pay/{payment_id}")
        with self._gateway.session(head_start_ms=self._head_start_ms(payment_id)) as session:
            payment = payments.find(session, payment_id)
            if not payment.is_pending:
                return redirect(f"/pay/{payment_id}")
            if fields.get("decline") in texts.REFUSALS:
                after = self._decline(session, payment, fields["decline"])
            elif fields.get("method") == "sbp" and "sbp" in payment.methods:
                after = payments.pay(session, payment, means.sbp_means(session, payment))
            elif "bank_card" in payment.methods:
                form = CardForm.read(fields)
                if form.errors:
                    return self._desk(session, payment, method="card", form=form)
                if form.card.number == means.CARD_WITH_3D_SECURE and not _is_expired(form.card, session.now):
                    payments.begin_check(session, payment, means.card_means(session, payment, form.card))
                    return self._challenge(payment, form, fields)
                after = self._pay_by_card(session, payment, form.card, is_kept="save" in fields)
            else:
                return self._desk(session, payment, method="")
        return self._back(after, is_staying="stay" in fields)

    def _confirm(self, request: Request, payment_id: str) -> Response:
        fields = request.form()
        form = CardForm.read(fields)
        if not self._is_ours(payment_id, fields) or form.errors:
            return forged(f"/pay/{payment_id}")
        with self._gateway.session(head_start_ms=self._head_start_ms(payment_id)) as session:
            payment = payments.find(session, payment_id)
            if not payment.is_pending or "bank_card" not in payment.methods:
                return redirect(f"/pay/{payment_id}")
            if fields.get("answer") == "yes":
                after = self._pay_by_card(session, payment, form.card, is_kept="save" in fields)
            else:
                after = self._decline(session, payment, "3d_secure_failed", card=form.card)
        return self._back(after, is_staying="stay" in fields)

    def _pay_by_card(self, session: Session, payment: Payment, card: Card, *, is_kept: bool) -> Payment:
        if card.number not in (means.CARD, means.CARD_WITH_3D_SECURE):
            return self._decline(session, payment, "invalid_card_number", card=card)
        if _is_expired(card, session.now):
            return self._decline(session, payment, "card_expired", card=card)
        paid = payments.pay(session, payment, means.card_means(session, payment, card))
        if is_kept and face_of(paid).saving == "asked":
            payment_methods.save(session, paid)
        return paid

    def _decline(self, session: Session, payment: Payment, reason: str, *, card: Card | None = None) -> Payment:
        if reason == "expired_on_confirmation":
            return payments.expire(session, payment)
        return payments.decline(
            session,
            payment,
            party=means.PARTY_OF_REASON[reason],
            reason=reason,
            means=means.card_means(session, payment, card) if card else None,
        )

    def _back(self, payment: Payment, *, is_staying: bool) -> Response:
        """Send the browser back to the shop, which by then has or has not been told, as its knob says.

        A payer who was refused and may try again stays on the page.
        """
        if self._head_start_ms(payment.id) == 0:
            self._courier.deliver_due()
        here = f"/pay/{payment.id}"
        return redirect(here if is_staying or payment.is_pending else face_of(payment).return_url or here)

    def _head_start_ms(self, payment_id: str) -> int:
        with self._gateway.session() as session:
            payment = payments.find(session, payment_id)
            knobs = notifications.knobs_of(self._gateway, session.db, payment.shop_id)
        return 0 if knobs.before_return else HEAD_START_MS

    def _is_ours(self, payment_id: str, fields: dict[str, str]) -> bool:
        return hmac.compare_digest(fields.get("token", "").encode(), self._gateway.page_token(payment_id).encode())

    def _desk(self, session: Session, payment: Payment, *, method: str, form: CardForm | None = None) -> Response:
        """The page in the state of the payment, with the chosen method open."""
        if not payment.is_pending:
            return _payment_page(payment, title=_outcome_title(payment), content=self._outcome(payment))
        names = {_METHODS[each][0]: each for each in payment.methods}
        chosen = names.get(method, payment.methods[0])
        if chosen == "sbp":
            form_html = self._sbp_form(payment)
        else:
            form_html = self._card_form(payment, form or CardForm.example(year=moments.moscow_day(session.now).year))
        refusals = [render("refusal", reason=reason, label=label) for reason, label in texts.REFUSALS.items()]
        face = face_of(payment)
        content = render(
            "desk",
            summary=self._summary(payment),
            declined=_declined(payment),
            tabs=_tabs(payment, chosen),
            form=form_html,
            leave=link("leave", face.leave_url),
            refusal_hint=texts.REFUSAL_OF_ATTEMPT if face.is_tried_again else texts.REFUSAL_OF_PAYMENT,
            refusals=join(refusals),
            **self._form_values(payment),
        )
        status = 422 if form and form.errors else 200
        return _payment_page(payment, title="Оплата", content=content, status=status)

    def _card_form(self, payment: Payment, form: CardForm) -> Html:
        fields = {
            name: render(
                f"field_{name}",
                value=getattr(form, name),
                invalid="true" if name in form.errors else "false",
                error=render("error", name=name, text=form.errors[name]) if name in form.errors else Html(),
            )
            for name in ("number", "expires", "csc")
        }
        saving = face_of(payment).saving
        return render(
            "card_form",
            saving=render(f"saving_{saving}") if saving else Html(),
            **fields,
            **self._form_values(payment),
        )

    def _sbp_form(self, payment: Payment) -> Html:
        payload = links.payload(self._gateway, payment)
        return render("sbp_form", qr=qr_svg(payload), link=payload, **self._form_values(payment))

    def _challenge(self, payment: Payment, form: CardForm, fields: dict[str, str]) -> Response:
        content = render(
            "challenge",
            summary=self._summary(payment),
            last4=form.card.number[-4:],
            number=form.number,
            expires=form.expires,
            csc=form.csc,
            stay=render("stay") if "stay" in fields else Html(),
            save=render("save") if "save" in fields else Html(),
            **self._form_values(payment),
        )
        return _payment_page(payment, title="Подтверждение оплаты", content=content)

    def _outcome(self, payment: Payment) -> Html:
        if payment.cancellation is None:
            kind = "good"
            text = "Деньги заблокированы: магазин спишет их позже." if payment.is_held else "Магазин получит сообщение."
        else:
            kind = "bad"
            text = f"{texts.refusal_text(payment.cancellation['reason'])}. Деньги не списаны."
        return render(
            "outcome",
            kind=kind,
            mark=render(f"mark_{kind}"),
            title=_outcome_title(payment),
            text=text,
            summary=self._summary(payment),
            back=link("back", face_of(payment).return_url),
        )

    def _summary(self, payment: Payment) -> Html:
        deadline = Html()
        if payment.is_pending and payment.deadline_at:
            deadline = render("deadline", time=_moscow_time(payment.deadline_at, now=self._gateway.clock.now()))
        description = face_of(payment).description
        return render(
            "summary",
            amount=money.to_words(payment.amount_kopecks),
            shop=self._gateway.shops[payment.shop_id].name if payment.shop_id in self._gateway.shops else "—",
            description=render("description", text=description) if description else Html(),
            deadline=deadline,
            id=payment.id,
        )

    def _form_values(self, payment: Payment) -> dict[str, str]:
        return {"id": payment.id, "token": self._gateway.page_token(payment.id)}


def _payment_page(payment: Payment, *, title: str, content: Html, status: int = 200) -> Response:
    face = face_of(payment)
    return page(title=title, content=content, leads_to=(face.return_url, face.leave_url), status=status)


def _tabs(payment: Payment, chosen: str) -> Html:
    if len(payment.methods) == 1:
        return Html()
    tabs = [
        render(
            "tab",
            id=payment.id,
            name=_METHODS[method][0],
            label=_METHODS[method][1],
            current="page" if method == chosen else "false",
        )
        for method in payment.methods
    ]
    return render("tabs", tabs=join(tabs))


def _outcome_title(payment: Payment) -> str:
    return "Оплачено" if payment.is_paid else "Оплата не прошла"


def _declined(payment: Payment) -> Html:
    """Why the last attempt failed, when the payer may try again."""
    if payment.last_decline is None:
        return Html()
    return render("declined", mark=render("mark_bad"), reason=texts.refusal_text(payment.last_decline["reason"]))


def _is_expired(card: Card, now: int) -> bool:
    today = moments.moscow_day(now)
    return card.is_expired(year=today.year, month=today.month)


def _moscow_time(moment: int, *, now: int) -> str:
    """The time of a day, and the day too unless it is today."""
    time = moments.to_iso(moment + 3 * moments.HOUR)[11:16]
    day = moments.moscow_day(moment)
    return time if day == moments.moscow_day(now) else f"{day:%d.%m.%Y}, {time}"
