"""Customers as browsers are: they fill in the form that they see, and press again when nobody answers."""

import http.client
import json
import os
import random
import re
import threading
import time
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

PATIENCE_S = 15
"""Within which every single request must have been answered."""
GIVE_UP_AFTER_S = 60
LOST = (OSError, http.client.HTTPException)


class Journal:
    """What was asked, on the disk before it is asked; and what was answered, on the disk as soon as it is known."""

    def __init__(self, file: Path) -> None:
        self._file = os.open(file, os.O_CREAT | os.O_APPEND | os.O_WRONLY)
        self._lock = threading.Lock()
        self.lines: list[dict[str, Any]] = []

    def write(self, what: str, **values: Any) -> None:
        line = {"at": time.time(), "what": what, **values}
        with self._lock:
            self.lines.append(line)
            os.write(self._file, (json.dumps(line, default=str) + "\n").encode())
            os.fsync(self._file)

    def of(self, what: str) -> list[dict[str, Any]]:
        with self._lock:
            return [line for line in self.lines if line["what"] == what]


@dataclass
class Answer:
    status: int
    location: str
    page: str


@dataclass
class Pressed:
    """What became of a press: the payment's address on the gateway's page, or a page of ours, or a refusal."""

    request_id: str
    gateway_payment_id: str = ""
    page: str = ""
    is_refused: bool = False


@dataclass
class Customer:
    """Someone who is signed in. `chance` decides sums."""

    ports: list[int]
    journal: Journal
    chance: random.Random
    session: str
    accounts: list[list[Any]]
    gateway_port: int
    _cookies: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._cookies["sessionid"] = self.session

    def press(self, *, presses: int = 1) -> Pressed:
        """Pay some sum on one of the accounts: see the form, press, and press the same form again until answered.

        presses  how often at least the same form is sent
        """
        supplier_id, account_id, _number = self.chance.choice(self.accounts)
        sum_rub = f"{self.chance.randrange(100, 90_000) / 100:.2f}"
        path = f"/accounts/{supplier_id}/{account_id}/pay/own-sum/"
        seen = self.ask("GET", f"{path}?{urlencode({'amount_rub': sum_rub})}")
        form = _Form.read(seen.page)
        request_id = form.get("request_id") or str(uuid4())
        self.journal.write("press", request_id=request_id, account_id=account_id, sum_rub=sum_rub)
        for _ in range(presses):
            answer = self.ask("POST", path, form)
        if answer.status not in (302, 303):
            self.journal.write("refused", request_id=request_id, status=answer.status)
            return Pressed(request_id, is_refused=True)
        self.journal.write("pressed", request_id=request_id, location=answer.location)
        return self._follow(request_id, answer)

    def go_on(self, pressed: Pressed) -> Pressed:
        """Try again from our own page, as it offers while the gateway has not answered."""
        seen = self.ask("GET", pressed.page)
        action = re.search(r'action="(/payments/[^"]+/continue/)"', seen.page)
        if action is None:
            return pressed
        return self._follow(pressed.request_id, self.ask("POST", action[1], _Form.read(seen.page)))

    def look(self) -> None:
        """Read a page that has nothing to do with paying."""
        supplier_id, account_id, _number = self.chance.choice(self.accounts)
        self.ask("GET", f"/accounts/{supplier_id}/{account_id}/", is_payment=False)

    def ask(self, method: str, path: str, form: dict[str, str] | None = None, *, is_payment: bool = True) -> Answer:
        """Send a request, to the other web process when one does not answer, until there is an answer or an apology.

        A page that apologises (503) is an answer too, and the person presses again a little later.
        """
        deadline, attempt = time.monotonic() + GIVE_UP_AFTER_S, 0
        while True:
            port = self.ports[attempt % len(self.ports)]
            began = time.monotonic()
            try:
                answer = self._send(port, method, path, form)
                outcome: Any = answer.status
            except LOST as error:
                answer, outcome = None, type(error).__name__
            took = round(time.monotonic() - began, 3)
            self.journal.write("asked", path=path.partition("?")[0], outcome=outcome, took_s=took, is_pay=is_payment)
            if answer is not None and answer.status != 503:
                return answer
            attempt += 1
            if time.monotonic() > deadline:
                raise TimeoutError(f"nobody answers {method} {path}: {outcome}")
            time.sleep(0.2)

    def _send(self, port: int, method: str, path: str, form: dict[str, str] | None) -> Answer:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        body = None
        if form is not None:
            body = urlencode(form)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            page = response.read().decode(errors="replace")
            for line in response.headers.get_all("Set-Cookie") or ():
                name, _, value = line.partition(";")[0].partition("=")
                self._cookies[name.strip()] = value
            return Answer(response.status, response.headers.get("Location", ""), page)
        finally:
            connection.close()

    def _follow(self, request_id: str, answer: Answer) -> Pressed:
        target = urlsplit(answer.location)
        if target.port == self.gateway_port:
            return Pressed(request_id, gateway_payment_id=target.path.rstrip("/").rpartition("/")[2])
        return Pressed(request_id, page=target.path)


class _Form(HTMLParser):
    """The hidden fields of the forms of a page: the same name is the same value in all of ours."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}

    @classmethod
    def read(cls, page: str) -> dict[str, str]:
        parser = cls()
        parser.feed(page)
        return parser.fields

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        if tag == "input" and given.get("type") == "hidden" and given.get("name"):
            self.fields[str(given["name"])] = given.get("value") or ""


def customers(scene: Any, journal: Journal, seed: int) -> list[Customer]:
    """Give the people of a scene; half of them try the second web process first."""
    return [
        Customer(
            ports=scene.web_ports if number % 2 == 0 else scene.web_ports[::-1],
            journal=journal,
            chance=random.Random(f"{seed}:{number}"),
            session=person["session"],
            accounts=person["accounts"],
            gateway_port=scene.gateway_port,
        )
        for number, person in enumerate(scene.base.described["customers"])
    ]
