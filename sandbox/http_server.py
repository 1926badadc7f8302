"""HTTP by the standard library: requests, answers, routes, and a threaded server that can also misbehave on request.

A server of our own, because a gateway that has to lose an answer must hold the socket in its hands. It answers a few
thousand requests a second on one core, several times what the sandbox needs.
"""

import contextlib
import enum
import os
import re
import socket
import socketserver
import struct
import sys
import threading
import time
import traceback
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

_LARGEST_BODY = 1 << 20
_STOP_WITHIN_S = 0.1
_LONGEST_HANG_S = 120


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    query: dict[str, str]
    headers: Message
    body: bytes

    def form(self) -> dict[str, str]:
        """The fields of a posted form; the last of equal names counts."""
        return dict(urllib.parse.parse_qsl(self.body.decode(errors="replace"), keep_blank_values=True))


class Delivery(enum.Enum):
    """What becomes of an answer on its way."""

    WHOLE = "it arrives"
    CUT = "the connection is closed instead"
    RESET = "the connection is reset instead"
    HANG = "nothing comes until the client goes away"
    HALF = "the connection is closed in the middle of it"
    SLOW = "it comes byte by byte"


@dataclass(frozen=True)
class Response:
    """An answer. `pace_s`: the pause before each byte of a slow one."""

    body: bytes = b""
    status: int = 200
    content_type: str = "application/json; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)
    delivery: Delivery = Delivery.WHOLE
    pace_s: float = 1.0


View = Callable[..., Any]
App = Callable[[Request], Response]


class Routes:
    """Views by method and path; `{name}` in a path is one segment and comes to the view as an argument."""

    def __init__(self) -> None:
        self._routes: list[tuple[str, re.Pattern[str], View]] = []

    def add(self, method: str, path: str, view: View) -> None:
        pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(path))
        self._routes.append((method, re.compile(pattern), view))

    def find(self, request: Request) -> tuple[View, dict[str, str]] | None:
        """The view of a request and its arguments."""
        for method, pattern, view in self._routes:
            if method == request.method and (match := pattern.fullmatch(request.path)):
                return view, match.groupdict()
        return None

    def knows_path(self, request: Request) -> bool:
        """Whether the path exists with another method."""
        return any(pattern.fullmatch(request.path) for _, pattern, _ in self._routes)


class Server(ThreadingHTTPServer):
    """Listens on the loopback interface only; port 0 takes a free one."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 1024

    app: App
    now: Callable[[], int] | None = None

    def __init__(self, port: int, *, is_quiet: bool) -> None:
        """Take the port; who comes before `start` waits. Raises OSError when it is taken."""
        self.is_quiet = is_quiet
        super().__init__(("127.0.0.1", port), _Handler)

    def start(self, app: App, *, now: Callable[[], int] | None = None) -> None:
        """Answer by `app` in threads of its own.

        now  the clock by which answers are dated, in milliseconds; the machine's unless it is given
        """
        self.app, self.now = app, now
        threading.Thread(target=self.serve_forever, args=[_STOP_WITHIN_S], daemon=True).start()

    def stop(self) -> None:
        self.shutdown()
        self.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def server_bind(self) -> None:
        # HTTPServer asks the resolver for the machine's name here, which may take seconds and is never used.
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = "127.0.0.1", self.socket.getsockname()[1]

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), OSError):  # a client that went away is no news
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 1 << 16  # head and body leave together
    timeout = 75

    def version_string(self) -> str:
        return "sandbox-gateway"

    def date_time_string(self, timestamp: float | None = None) -> str:
        """Date an answer: clients may ask it for the gateway's own clock."""
        if timestamp is None and self.server.now is not None:
            timestamp = self.server.now() / 1000
        return super().date_time_string(timestamp)

    def _answer(self) -> None:
        length = self.headers.get("Content-Length", "0")
        if "Transfer-Encoding" in self.headers or not length.isascii() or not length.isdigit():
            self._give_up(411)
        elif int(length) > _LARGEST_BODY:
            self._give_up(413)
        else:
            self._answer_with_body(int(length))

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = _answer  # noqa: N815 - http.server's names

    def _answer_with_body(self, length: int) -> None:
        target = urllib.parse.urlsplit(self.path)
        request = Request(
            method=self.command,
            path=urllib.parse.unquote(target.path),
            query=dict(urllib.parse.parse_qsl(target.query, keep_blank_values=True)),
            headers=self.headers,
            body=self.rfile.read(length),
        )
        try:
            response = self.server.app(request)
        except Exception:  # noqa: BLE001 - a defect of ours is a 500, as it is at the real gateway
            traceback.print_exc()
            response = Response(b'{"type":"error","code":"internal_server_error"}', status=500)
        if response.delivery in (Delivery.WHOLE, Delivery.HALF, Delivery.SLOW):
            self._write(response)
        else:
            self.log_request(response.delivery.name.lower())
            self._withhold(response.delivery)

    def _withhold(self, delivery: Delivery) -> None:
        """Let the client go without an answer."""
        self.close_connection = True
        if delivery is Delivery.HANG:
            self.connection.settimeout(_LONGEST_HANG_S)
            with contextlib.suppress(OSError):
                while self.connection.recv(1024):
                    pass
        elif delivery is Delivery.RESET:
            # Closing a socket that is told not to linger sends a reset; it has to be the descriptor itself, because
            # the files that were made of the socket would hold it open.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            os.close(self.connection.detach())

    def _write(self, response: Response) -> None:
        self.send_response(response.status)
        self.send_header("Content-Type", response.content_type)
        self.send_header("Content-Length", str(len(response.body)))
        for name, value in response.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if response.delivery is not Delivery.WHOLE:
            self._write_badly(response)
        elif self.command != "HEAD":
            self.wfile.write(response.body)

    def _write_badly(self, response: Response) -> None:
        self.close_connection = True
        if response.delivery is Delivery.HALF:
            self.wfile.write(response.body[: len(response.body) // 2])
            return
        for byte in response.body:
            self.wfile.flush()
            time.sleep(response.pace_s)
            self.wfile.write(bytes([byte]))

    def _give_up(self, status: int) -> None:
        """Refuse without having read the body; the connection cannot be used again."""
        self.close_connection = True
        self._write(Response(status=status, headers={"Connection": "close"}))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
        if not self.server.is_quiet:
            super().log_message(format, *args)
